"""Incidents: a failing rule opens one, the same failure keeps it, passing closes it; a rule that did not run changes nothing.

Belongs here: the state of each incident over nights. Does not belong here: whether a rule passed (checks).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb

from padan.quality.checks import ensure_check_table
from padan.quality.rules import ensure_rule_table

_TABLE = """
CREATE TABLE IF NOT EXISTS quality.incident (
    incident_id VARCHAR PRIMARY KEY, rule_id VARCHAR NOT NULL, table_name VARCHAR NOT NULL, severity VARCHAR NOT NULL,
    owner VARCHAR NOT NULL, opened_run VARCHAR NOT NULL, opened_as_of DATE NOT NULL, last_run VARCHAR NOT NULL,
    last_as_of DATE NOT NULL, nights INTEGER NOT NULL,
    closed_run VARCHAR, closed_as_of DATE
)
"""

# What a run said before it was run again is taken back first, so that a repeated run counts once.
_FORGET = """
DELETE FROM quality.incident WHERE opened_run = $run;
UPDATE quality.incident SET closed_run = NULL, closed_as_of = NULL WHERE closed_run = $run;
"""

_KEEP = """
UPDATE quality.incident SET last_run = $run, last_as_of = $as_of, severity = c.severity,
    nights = nights + CAST(last_as_of < $as_of AS INTEGER)
FROM quality."check" c
WHERE c.run_id = $run AND NOT c.passed AND c.numerator IS NOT NULL AND (c.rule_id, c.table_name) = (incident.rule_id, incident.table_name)
    AND closed_run IS NULL
"""

_OPEN = """
INSERT INTO quality.incident
SELECT left(md5(concat_ws('|', c.rule_id, c.table_name, $run)), 12), c.rule_id, c.table_name, c.severity, coalesce(r.owner, 'team:padan'),
    $run, $as_of, $run, $as_of, 1, NULL, NULL
FROM quality."check" c LEFT JOIN quality.rule r USING (rule_id, table_name)
WHERE c.run_id = $run AND NOT c.passed AND c.numerator IS NOT NULL
    AND (c.rule_id, c.table_name) NOT IN (SELECT (rule_id, table_name) FROM quality.incident WHERE closed_run IS NULL)
"""

_CLOSE = """
UPDATE quality.incident SET closed_run = $run, closed_as_of = $as_of FROM quality."check" c
WHERE c.run_id = $run AND c.passed AND (c.rule_id, c.table_name) = (incident.rule_id, incident.table_name) AND closed_run IS NULL
"""


@dataclass(frozen=True)
class Incident:
    """An open incident: since when, on how many nights it was seen, and whose it is."""

    rule_id: str
    table_name: str
    severity: str
    owner: str
    opened: dt.date
    nights: int

    def age(self, today: dt.date) -> int:
        """Days since it was opened."""
        return (today - self.opened).days


def follow_incidents(con: duckdb.DuckDBPyConnection, run_id: str, as_of: dt.date) -> int:
    """Bring `quality.incident` up to the results of this run; returns how many are open.

    Grain: one row an unbroken run of failures of a rule on a table. Needs `quality.rule`.
    """
    ensure_check_table(con)
    ensure_rule_table(con)
    con.execute(_TABLE)
    for statement in filter(str.strip, (*_FORGET.split(";"), _KEEP, _OPEN, _CLOSE)):
        known = {"run": run_id, "as_of": as_of}
        con.execute(statement, {name: value for name, value in known.items() if f"${name}" in statement})
    return len(open_incidents(con))


def open_incidents(con: duckdb.DuckDBPyConnection) -> list[Incident]:
    """Open incidents, those that hold a publication first, then the oldest."""
    there = con.execute("SELECT 1 FROM information_schema.tables WHERE table_schema = 'quality' AND table_name = 'incident'").fetchone()
    if not there:
        return []
    rows = con.execute(
        "SELECT rule_id, table_name, severity, owner, opened_as_of, nights FROM quality.incident WHERE closed_run IS NULL "
        "ORDER BY severity, opened_as_of, rule_id, table_name"
    ).fetchall()
    return [Incident(*row) for row in rows]
