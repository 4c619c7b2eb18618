"""The rules that stand behind quality.check, as data: what each counts, who owns it, which tool judges it.

dbt's own tests are rules too; they are added from what was recorded, owned by the data team unless listed here.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import duckdb

from padan.quality.accuracy import RULES as ACCURACY
from padan.quality.accuracy import TABLE as ACCURACY_TABLE
from padan.quality.checks import ensure_check_table
from padan.quality.conformity import RULE as CONFORMITY
from padan.quality.suites import SUITES

_TABLE = """
CREATE OR REPLACE TABLE quality.rule (
    rule_id VARCHAR PRIMARY KEY, table_name VARCHAR, dimension VARCHAR, severity VARCHAR, owner VARCHAR, counts VARCHAR, tool VARCHAR
)
"""


@dataclass(frozen=True)
class Rule:
    """One rule. `counts`: what the numerator of its check counts, of what."""

    rule_id: str
    table_name: str
    dimension: str
    severity: str
    owner: str
    counts: str
    tool: str


_INTAKE = (
    Rule(
        "baris_diterima_sama_dengan_hasil",
        "raw.*",
        "consistency",
        "error",
        "team:padan",
        "baris yang tidak terhitung, dari baris diterima",
        "padan",
    ),
    Rule(
        "penarikan_terjawab",
        "raw.*",
        "completeness",
        "error",
        "team:padan",
        "penarikan tanpa jawaban operator, dari baris berlaku",
        "padan",
    ),
    Rule("kiriman_diterima", "raw.*", "validity", "warn", "team:padan", "kiriman yang ditolak malam ini, dari kiriman malam ini", "padan"),
)
_CONFORMITY = Rule(
    CONFORMITY,
    "intermediate.int_conformity",
    "validity",
    "warn",
    "team:padan",
    "sel terisi yang tidak terbaca atau tidak dikenal, dari sel terisi",
    "dbt",
)
RULES: tuple[Rule, ...] = (
    *_INTAKE,
    _CONFORMITY,
    *(
        Rule(
            r.rule_id,
            ACCURACY_TABLE,
            "accuracy",
            "error" if r.blocking else "warn",
            "team:padan",
            f"angka di luar batas, dari angka yang dinilai. {r.about}",
            "padan",
        )
        for r in ACCURACY
    ),
    *(
        Rule(
            s.name,
            s.table_name,
            s.dimension,
            s.severity,
            "team:padan",
            f"metrik di luar batas, dari metrik malam ini. {s.about}",
            "great_expectations",
        )
        for s in SUITES
    ),
)


def write_rules(con: duckdb.DuckDBPyConnection) -> int:
    """Make quality.rule anew: the listed rules, and every other rule that ever left a result; returns how many."""
    ensure_check_table(con)
    con.execute(_TABLE)
    con.executemany("INSERT INTO quality.rule VALUES (?, ?, ?, ?, ?, ?, ?)", [list(astuple(rule)) for rule in RULES])
    con.execute(
        """
        INSERT INTO quality.rule
        SELECT rule_id, any_value(table_name ORDER BY table_name), any_value(dimension ORDER BY dimension), min(severity), 'team:padan',
            'satuan yang melanggar ' || rule_id || ', dari satuan yang diperiksa',
            CASE WHEN regexp_matches(rule_id, '^(not_null|unique|accepted_values|relationships|assert|dbt)_') THEN 'dbt' ELSE 'padan' END
        FROM quality."check" WHERE rule_id NOT IN (SELECT rule_id FROM quality.rule) GROUP BY rule_id
        """
    )
    row = con.execute("SELECT count(*) FROM quality.rule").fetchone()
    return int(row[0]) if row else 0
