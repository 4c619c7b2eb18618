"""How alike brothers and sisters are, comparison by comparison: what an agreement proves of the member once the family is known.

Measured on the release that a night links to, on a fixed sample of its families, and blended with what training saw: twins, names that run
in families and neighbouring NIK are as common as the register shows them, not as we think.
"""

from __future__ import annotations

import json
import math
import os
from contextlib import suppress
from pathlib import Path

import duckdb

from padan.linkage.basis import program_digest
from padan.linkage.model import Probabilities
from padan.linkage.person_v1.definition import NIK_NEAR, NIK_NEAR_BIRTHDAY, NIK_OF_FAMILY, NIK_SAME, PERSON_V1
from padan.linkage.records import name_columns, name_joins
from padan.linkage.workspace import REGISTER, workspace
from padan.register.views import person_sql

#: Chance that a pair of siblings reaches each level, by what is asked (see _ASKED): question → level code → chance.
Siblings = dict[str, dict[int, float]]

#: The counts of a release, beside its file, which never changes: every night, every workspace and every `why` asks for them.
KEPT = "siblings.json"

#: What is counted of pairs of siblings: question → (column of sibling_pair, among which pairs, codes).
_CODES = {c.name: [level.code for level in c.levels] for c in PERSON_V1.comparisons}
_ASKED: dict[str, tuple[str, str, list[int]]] = {
    "kembar": ("CAST(sehari AS INTEGER)", "true", [1, 0]),
    "nama_kembar": ("nama", "sehari", _CODES["nama"]),
    "nama_saudara": ("nama", "NOT sehari", _CODES["nama"]),
    "lahir_saudara": ("lahir", "NOT sehari", _CODES["lahir"]),
    "tahun_saudara": ("tahun", "NOT sehari", _CODES["umur"]),
    "bulan_saudara": ("bulan", "NOT sehari", _CODES["umur"]),
    "kelamin": ("kelamin", "true", _CODES["kelamin"]),
    "nik_kembar": ("nik", "sehari", [1, NIK_NEAR_BIRTHDAY, NIK_NEAR]),
    "nik_saudara": ("nik", "NOT sehari", [1, NIK_NEAR_BIRTHDAY, NIK_NEAR]),
}

#: Families looked at: so many runs of consecutive families, spread evenly, of so many each.
RUNS, RUN = 20, 1_000

#: Pairs of siblings that what training saw counts for.
PRIOR_PAIRS = 300.0

#: A sibling's own NIK is copied far more rarely than a parent's: once for so many.
SIBLING_NIK = 20.0

# Children of one family, as register_model has them. Dates are compared as a day, and as a year alone.
_SIBLING = """
CREATE OR REPLACE TABLE sibling AS
SELECT p.person_no, p.keluarga_no, p.nik, p.tanggal_lahir, p.jenis_kelamin, {columns}
FROM sibling_person p {joins}
"""

_PAIR = """
CREATE OR REPLACE TABLE sibling_pair AS
SELECT CASE WHEN a.nama IS NOT NULL AND b.nama IS NOT NULL THEN names_of(a, b) END AS nama,
    CASE WHEN a.tanggal_lahir = a.tanggal_lahir AND b.tanggal_lahir = b.tanggal_lahir THEN birth_level(a.tanggal_lahir,
        b.tanggal_lahir) END AS lahir,
    CASE WHEN a.jenis_kelamin = b.jenis_kelamin THEN 2 WHEN a.jenis_kelamin <> b.jenis_kelamin THEN 1 END AS kelamin,
    CASE WHEN a.tanggal_lahir = a.tanggal_lahir AND b.tanggal_lahir = b.tanggal_lahir THEN age_level(a.tanggal_lahir, 'year',
        b.tanggal_lahir, 'day') END AS tahun,
    CASE WHEN a.tanggal_lahir = a.tanggal_lahir AND b.tanggal_lahir = b.tanggal_lahir THEN age_level(a.tanggal_lahir, 'month',
        b.tanggal_lahir, 'day') END AS bulan,
    CASE WHEN one_digit_off(a.nik, b.nik) THEN CASE WHEN a.tanggal_lahir = b.tanggal_lahir THEN 3 ELSE 4 END
        WHEN a.nik <> b.nik THEN 1 END AS nik, a.tanggal_lahir = b.tanggal_lahir AS sehari
FROM sibling a JOIN sibling b ON b.keluarga_no = a.keluarga_no AND b.person_no > a.person_no
"""


def keep_siblings(con: duckdb.DuckDBPyConnection, release: Path) -> None:
    """Count the siblings of a release's file now, so that no night has to."""
    with workspace(con, release) as (work, _):
        count_siblings(work)


def count_siblings(con: duckdb.DuckDBPyConnection) -> Siblings:
    """How many of the sampled pairs of siblings reach each level: question → level code → pairs.

    Of the attached release; from its folder where this program has counted them before.
    """
    path = Path(con.execute("SELECT path FROM duckdb_databases() WHERE database_name = ?", [REGISTER]).fetchall()[0][0])
    kept, told = path.with_name(KEPT), path.stat()
    counted_of = f"{program_digest().hex()}/{told.st_size}/{told.st_mtime_ns}"
    counted = _read(kept, counted_of)
    if counted is None:
        _sample(con)
        counted = {question: _levels(con, *asked) for question, asked in _ASKED.items()}
        con.execute("DROP TABLE sibling_pair")
        _keep(kept, counted_of, counted)
    return counted


def _read(kept: Path, counted_of: str) -> Siblings | None:
    """What was kept of just this release by just this program; None where it was not, or cannot be read."""
    try:
        found = json.loads(kept.read_text())
        return _siblings(found["siblings"]) if found["counted_of"] == counted_of else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _keep(kept: Path, counted_of: str, counted: Siblings) -> None:
    """Keep the counts, whole or not at all; a folder that cannot be written to costs the next process its time, no more."""
    fresh = kept.with_name(f".{KEPT}.{os.getpid()}")  # of its own: a night and a `why` may count at one time
    with suppress(OSError):
        try:
            fresh.write_text(json.dumps({"counted_of": counted_of, "siblings": counted}))
            fresh.replace(kept)
        finally:
            fresh.unlink(missing_ok=True)


def _levels(con: duckdb.DuckDBPyConnection, column: str, among: str, codes: list[int]) -> dict[int, float]:
    rows = dict(
        con.execute(f"SELECT {column} AS level, count(*) FROM sibling_pair WHERE {among} AND level IS NOT NULL GROUP BY 1").fetchall()
    )
    return {code: float(rows.get(code, 0)) for code in codes}


def _sample(con: duckdb.DuckDBPyConnection) -> None:
    families = int(con.execute(f"SELECT families FROM {REGISTER}.release").fetchall()[0][0])
    starts = [0] if families <= RUNS * RUN else [families * run // RUNS for run in range(RUNS)]
    length = families if len(starts) == 1 else RUN
    runs = (
        f"SELECT * FROM {REGISTER}.person_row WHERE keluarga_no BETWEEN {start + 1} AND {start + length} AND hubungan_kepala = '3'"
        for start in starts
    )
    con.execute(f"CREATE OR REPLACE TABLE sibling_row AS {' UNION ALL '.join(runs)}")
    con.execute(f"CREATE OR REPLACE TABLE sibling_family AS SELECT f.* FROM {REGISTER}.family f SEMI JOIN sibling_row USING (keluarga_no)")
    con.execute(f"CREATE OR REPLACE TABLE sibling_person AS {person_sql('sibling_row', 'sibling_family', f'{REGISTER}.')}")
    con.execute(
        """CREATE OR REPLACE TABLE sibling_name AS SELECT person_no AS id, nama AS strict, nama_longgar AS loose FROM sibling_person
        WHERE nama IS NOT NULL"""
    )
    con.execute(_SIBLING.format(columns=name_columns("n", "nama"), joins=name_joins(con, "sibling_name", "n", "p.person_no")))
    con.execute(_PAIR)
    for scaffold in ("sibling_row", "sibling_family", "sibling_person", "sibling_name", "sibling"):
        con.execute(f"DROP TABLE {scaffold}")


def sibling_chances(counted: list[Siblings], prior: Siblings | None = None) -> Siblings:
    """Chances from pooled counts, blended with `prior` (flat, and light, where there is none)."""
    weight = PRIOR_PAIRS if prior else 1.0
    chances: Siblings = {}
    for question, (_, _, codes) in _ASKED.items():
        pooled = {code: sum(c[question][code] for c in counted) for code in codes}
        pairs = sum(pooled.values())
        before = prior[question] if prior else {code: 1 / len(codes) for code in codes}
        chances[question] = {code: (pooled[code] + weight * before[code]) / (pairs + weight) for code in codes}
    return chances


def load_siblings() -> Siblings:
    """What training saw."""
    return _siblings(json.loads(PERSON_V1.trained.read_text())["siblings"])


def _siblings(raw: dict[str, dict[str, float]]) -> Siblings:
    """As JSON gives them, whose keys are text."""
    return {question: {int(code): count for code, count in levels.items()} for question, levels in raw.items()}


def prepare_siblings(con: duckdb.DuckDBPyConnection, trained: Probabilities) -> None:
    """The macros that `decision.member_bits` calls, from the siblings of the attached release and of training."""
    create_member_macros(con, trained, sibling_chances([count_siblings(con)], load_siblings()))


def create_member_macros(con: duckdb.DuckDBPyConnection, trained: Probabilities, chances: Siblings) -> None:
    """Temporary macros kembar_<comparison>(code) and saudara_<comparison>(code): bits for this member against a twin, or another sibling.

    `kembar_share()`: which share of siblings are twins. Their birth dates are equal, so that those have no macro.
    """
    m = {name: {code: p[0] for code, p in levels.items()} for name, levels in trained.items()}

    def bits(comparison: str, question: str, codes: list[int] | None = None) -> dict[int, float]:
        return {code: math.log2(m[comparison][code] / chances[question][code]) for code in codes or chances[question]}

    # a child's row holds a parent's NIK as often as a record was seen to hold a relative's
    parental = math.log2(m["nik"][NIK_SAME] / m["nik"][NIK_OF_FAMILY])
    own = {1: math.log2(m["nik"][1]), NIK_OF_FAMILY: 0.0, NIK_SAME: parental + math.log2(SIBLING_NIK)}
    macros = {
        "kembar_nama": bits("nama", "nama_kembar"),
        "saudara_nama": bits("nama", "nama_saudara"),
        "saudara_lahir": bits("lahir", "lahir_saudara"),
        "saudara_umur": bits("umur", "tahun_saudara", [4, 2, 1]) | bits("umur", "bulan_saudara", [5, 3]),
        "saudara_kelamin": bits("kelamin", "kelamin"),
        "kembar_nik": own | bits("nik", "nik_kembar", [NIK_NEAR_BIRTHDAY, NIK_NEAR]),
        "saudara_nik": own | bits("nik", "nik_saudara", [NIK_NEAR_BIRTHDAY, NIK_NEAR]),
    }
    for name, levels in macros.items():
        whens = " ".join(f"WHEN {code} THEN {value:.4f}" for code, value in sorted(levels.items()))
        con.execute(f"CREATE OR REPLACE TEMP MACRO {name}(code) AS CASE code {whens} ELSE 0 END")
    con.execute(f"CREATE OR REPLACE TEMP MACRO kembar_share() AS {chances['kembar'][1]:.6f}")
    con.execute(f"CREATE OR REPLACE TEMP MACRO parental_nik() AS {parental:.4f}")
