"""The two gates of linkage: what it was promised, and what it promises. Results are counts, never a value of a person.

Rules within one table are the Pandera models in schemas/; rules between tables are SQL here. One rule, one tool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from padan.linkage.broken_rows import CONTENT, FORM, KEY, broken_rows
from padan.warehouse import number

if TYPE_CHECKING:
    from pandera.ibis import DataFrameModel


@dataclass(frozen=True)
class Rule:
    """A rule of a gate. `question`: what is true when it is green, as an officer reads it."""

    rule_id: str
    table_name: str
    dimension: str
    question: str


@dataclass(frozen=True)
class RuleResult:
    """`numerator` of `denominator` rows (or columns, for a table's form) break the rule."""

    rule: Rule
    numerator: int
    denominator: int

    @property
    def rule_id(self) -> str:
        """The rule's short name."""
        return self.rule.rule_id

    @property
    def passed(self) -> bool:
        """Nothing breaks it."""
        return self.numerator == 0


_ORANG, _KEPUTUSAN, _LEMBAGA = "intermediate.int_person__standardized", "link.decision", "link.institution_decision"
_KUNCI, _REGISTER, _PERUBAHAN = "link.register_key", "link.register_person", "link.change"

RULES_IN: tuple[Rule, ...] = (
    Rule("orang_bentuk", _ORANG, "validity", "Kolom dan tipe catatan orang seperti yang dijanjikan."),
    Rule("orang_kunci", _ORANG, "uniqueness", "Setiap catatan orang hanya satu baris."),
    Rule("orang_isi", _ORANG, "validity", "Setiap nilai catatan orang dalam batasnya."),
    Rule("nik_menurut_status", _ORANG, "consistency", "NIK ada hanya bila statusnya membolehkan."),
    Rule("tanggal_menurut_presisi", _ORANG, "consistency", "Tanggal lahir dan presisinya sejalan."),
)

RULES_OUT: tuple[Rule, ...] = (
    Rule("keputusan_bentuk", _KEPUTUSAN, "validity", "Kolom dan tipe keputusan seperti yang dijanjikan."),
    Rule("keputusan_kunci", _KEPUTUSAN, "uniqueness", "Tidak ada catatan dengan dua keputusan."),
    Rule("keputusan_isi", _KEPUTUSAN, "validity", "Setiap nilai keputusan dalam batasnya."),
    Rule("register_hanya_pada_tautan", _KEPUTUSAN, "consistency", "Baris DTSEN disebut hanya pada tautan, dan selalu pada tautan."),
    Rule("bobot_terhingga", _KEPUTUSAN, "validity", "Keputusan dengan calon berbobot terhingga."),
    Rule("setiap_orang_diputus", _KEPUTUSAN, "completeness", "Setiap catatan orang punya tepat satu keputusan."),
    Rule("tautan_ada_di_register", _KEPUTUSAN, "consistency", "Setiap tautan menunjuk baris DTSEN yang ada."),
    Rule("satu_orang_satu_register", _KEPUTUSAN, "consistency", "Satu orang tidak tertaut ke dua baris DTSEN."),
    Rule("kunci_register_bentuk", _KUNCI, "validity", "Kunci DTSEN yang disebut keputusan lengkap dan tunggal."),
    Rule("orang_register_bentuk", _REGISTER, "validity", "Baris DTSEN yang disebut keputusan lengkap dan tunggal."),
    Rule("perubahan_bentuk", _PERUBAHAN, "validity", "Kolom dan tipe perubahan tautan seperti yang dijanjikan."),
    Rule("perubahan_kunci", _PERUBAHAN, "uniqueness", "Tidak ada catatan yang berubah dua kali dalam satu malam."),
    Rule("perubahan_isi", _PERUBAHAN, "validity", "Setiap perubahan punya sebab yang dikenal dan nilai dalam batasnya."),
    Rule("perubahan_bersisi", _PERUBAHAN, "consistency", "Setiap perubahan punya keputusan sebelum atau sesudahnya."),
    Rule("perubahan_lengkap", _PERUBAHAN, "completeness", "Setiap catatan yang berubah malam ini sama dengan keputusannya sekarang."),
    Rule("lembaga_bentuk", _LEMBAGA, "validity", "Kolom dan tipe keputusan lembaga seperti yang dijanjikan."),
    Rule("lembaga_kunci", _LEMBAGA, "uniqueness", "Tidak ada penyebutan lembaga dengan dua keputusan."),
    Rule("lembaga_isi", _LEMBAGA, "validity", "Setiap nilai keputusan lembaga dalam batasnya."),
    Rule("lks_hanya_pada_tautan", _LEMBAGA, "consistency", "Nomor tanda daftar disebut hanya pada tautan, dan selalu pada tautan."),
    Rule("setiap_lembaga_diputus", _LEMBAGA, "completeness", "Setiap penyebutan lembaga punya tepat satu keputusan."),
)

#: The history before the last run was checked by the nights that wrote it.
_LAST_RUN = "WHERE run_no = (SELECT max(run_no) FROM link.run)"

#: Rules between tables: how many rows break them.
_BETWEEN: dict[str, str] = {
    "setiap_orang_diputus": """SELECT count(*) FROM intermediate.int_person__standardized s
        FULL JOIN (SELECT record_id, count(*) AS n FROM link.decision GROUP BY 1) d ON d.record_id = s.record_id
        WHERE d.n IS DISTINCT FROM 1 OR s.record_id IS NULL""",
    "tautan_ada_di_register": """SELECT count(*) FROM link.decision WHERE decision = 'link' AND register_id IS NOT NULL
        AND (hash(register_id) NOT IN (SELECT hash(register_id) FROM link.register_key)
            OR hash(register_id) NOT IN (SELECT hash(register_id) FROM link.register_person))""",
    "satu_orang_satu_register": """SELECT count(*) FROM (SELECT person_id FROM link.decision WHERE decision = 'link'
        GROUP BY person_id HAVING min(hash(register_id)) <> max(hash(register_id)))""",
    "perubahan_lengkap": f"""SELECT count(*) FROM (FROM {_PERUBAHAN} {_LAST_RUN}) c LEFT JOIN link.decision d USING (record_id)
        WHERE c.after_decision IS DISTINCT FROM d.decision OR c.after_person_id IS DISTINCT FROM d.person_id""",
    "setiap_lembaga_diputus": """SELECT count(*) FROM intermediate.int_institution__named s
        FULL JOIN (SELECT record_id, count(*) AS n FROM link.institution_decision GROUP BY 1) d ON d.record_id = s.mention_id
        WHERE d.n IS DISTINCT FROM 1 OR s.mention_id IS NULL""",
}


#: One look at each side that tells when a rule holds, by 64 bits a key: only where it does not are its texts put side by side.
_HOLDS: dict[str, str] = {
    "setiap_orang_diputus": """SELECT (SELECT (count(*), sum(hash(record_id))) FROM intermediate.int_person__standardized)
        IS NOT DISTINCT FROM (SELECT (count(*), sum(hash(record_id))) FROM link.decision)""",
}


def check_input(con: duckdb.DuckDBPyConnection) -> list[RuleResult]:
    """One result for each of RULES_IN: is the table of standard persons what linkage was promised?"""
    from schemas.standard_person import StandardPerson

    broken = _broken(con, StandardPerson, _ORANG, "orang")
    return _results(con, RULES_IN, broken)


def check_output(con: duckdb.DuckDBPyConnection) -> list[RuleResult]:
    """One result for each of RULES_OUT: are the tables of schema `link` what is promised to those who read them?"""
    from schemas.institution_decision import InstitutionDecision
    from schemas.link_change import LinkChange
    from schemas.link_decision import LinkDecision
    from schemas.register_person import RegisterKey, RegisterPerson

    broken = _broken(con, LinkDecision, _KEPUTUSAN, "keputusan") | _broken(con, InstitutionDecision, _LEMBAGA, "lembaga")
    broken |= _broken(con, LinkChange, _PERUBAHAN, "perubahan", _LAST_RUN)
    broken["kunci_register_bentuk"] = sum(_broken(con, RegisterKey, _KUNCI, "k").values())
    broken["orang_register_bentuk"] = sum(_broken(con, RegisterPerson, _REGISTER, "r").values())
    broken |= {rule_id: _between(con, rule_id) for rule_id in _BETWEEN}
    return _results(con, RULES_OUT, broken)


def _between(con: duckdb.DuckDBPyConnection, rule_id: str) -> int:
    """How many rows break a rule between tables."""
    if rule_id in _HOLDS and con.execute(_HOLDS[rule_id]).fetchall()[0][0]:
        return 0
    return number(con, _BETWEEN[rule_id])


def _results(con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...], broken: dict[str, int]) -> list[RuleResult]:
    rows = {table: number(con, f"SELECT count(*) FROM {table}") for table in {rule.table_name for rule in rules}}
    return [RuleResult(rule, broken.get(rule.rule_id, 0), rows[rule.table_name]) for rule in rules]


def _broken(con: duckdb.DuckDBPyConnection, model: type[DataFrameModel], table: str, prefix: str, among: str = "") -> dict[str, int]:
    """How many rows (columns, for the form) of `table` break each rule of `model`; its form, key and content are named after `prefix`."""
    broken = broken_rows(con, model, table, among)
    return {f"{prefix}_{rule}" if rule in (FORM, KEY, CONTENT) else rule: rows for rule, rows in broken.items()}
