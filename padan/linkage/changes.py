"""What each night's linkage changed of what the one before had said, and why; and how any two past nights differ.

Grain of `link.change`: a record and a run of linkage. A record that a run sees for the first time is no change. Register
persons are known over releases by `register_key`, made of their NIK, else of family, name and birth date: a new release alone
changes no link.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from padan.errors import ConfigError
from padan.linkage.basis import Basis
from padan.linkage.memory import STANDARD

#: Why an answer changed, as an officer reads it.
CAUSES: dict[str, str] = {
    "data": "Catatan itu sendiri, atau catatan lain dari orang yang sama, berubah, datang atau ditarik.",
    "register": "Rilis DTSEN yang baru.",
    "model": "Model, ambang atau program pemadanan yang baru.",
    "ruling": "Putusan peninjau.",
}

_SIDES = ("decision", "register_id", "register_key", "person_id")

_SAME = """b.decision IS NOT DISTINCT FROM a.decision AND b.register_key IS NOT DISTINCT FROM a.register_key
    AND b.person_id IS NOT DISTINCT FROM a.person_id"""

_TOUCHED = """
CREATE OR REPLACE TABLE touched AS
SELECT DISTINCT record_id FROM (SELECT unnest([r.record_id, r.other_record_id, u.record_id, u.other_record_id]) AS record_id
    FROM {warehouse}.review.ruling r LEFT JOIN {warehouse}.review.ruling u ON u.ruling_id = r.undoes WHERE r.ruling_no > {seen})
WHERE record_id IS NOT NULL
"""

# Answers in force, and those about to replace them.
_BEFORE = "SELECT record_id, decision, register_id, person_id FROM {warehouse}.link.decision"
_AFTER = """SELECT n.record_id, d.decision, CASE WHEN d.decision = 'link' THEN d.best_register_id END AS register_id, n.person_id
    FROM decided d JOIN entity n USING (rec_no)"""

# Records whose answer may differ, by 64 bits over each record and answer: answers of a nation would not fit side by side, and nearly all
# are as before. One join of a nation's texts a statement. A record that no night has seen is not among them.
_SUSPECT = f"""
CREATE OR REPLACE TABLE before_hash AS
SELECT hash(record_id) AS record, hash(decision, {{told_before}}, person_id) AS answer FROM ({_BEFORE}) {{known_before}};
CREATE OR REPLACE TABLE after_hash AS
SELECT hash(record_id) AS record, hash(decision, {{told_after}}, person_id) AS answer FROM ({_AFTER}) {{known_after}};
CREATE OR REPLACE TABLE suspect_hash AS
SELECT record FROM before_hash b FULL JOIN after_hash a USING (record) WHERE b.answer IS DISTINCT FROM a.answer;
CREATE OR REPLACE TABLE differing_record AS
SELECT record_id FROM {{warehouse}}.link.decision WHERE hash(record_id) IN (FROM suspect_hash)
UNION SELECT record_id FROM {{warehouse}}.link.entity WHERE hash(record_id) IN (FROM suspect_hash);
DROP TABLE suspect_hash; DROP TABLE before_hash; DROP TABLE after_hash
"""

_CHANGE = f"""
CREATE OR REPLACE TABLE change AS
WITH before AS (SELECT b.*, k.register_key FROM ({_BEFORE}) b SEMI JOIN differing_record USING (record_id)
    LEFT JOIN {{warehouse}}.link.register_known k USING (register_id)),
after AS (SELECT a.*, k.register_key FROM ({_AFTER}) a SEMI JOIN differing_record USING (record_id) LEFT JOIN known k USING (register_id)),
differing AS (SELECT coalesce(b.record_id, a.record_id) AS record_id, b.record_id IS NULL AS came, a.record_id IS NULL AS went, {{sides}}
    FROM before b FULL JOIN after a ON a.record_id = b.record_id
    WHERE NOT ({{same}} {{exact}})),
ruled AS (SELECT unnest([before_person_id, after_person_id]) AS person_id FROM differing SEMI JOIN touched USING (record_id))
SELECT CAST({{run_no}} AS INTEGER) AS run_no, $run AS run_id, c.record_id, {{where}}, {{columns}}, CASE
    WHEN came OR went THEN 'data'
    WHEN c.record_id IN (SELECT record_id FROM touched) THEN 'ruling'
    WHEN m.content IS DISTINCT FROM e.content THEN 'data'
    WHEN before_person_id IN (SELECT person_id FROM ruled) OR after_person_id IN (SELECT person_id FROM ruled) THEN 'ruling'
    WHEN {{new_register}} THEN 'register' WHEN {{new_model}} THEN 'model' ELSE 'data' END AS cause
FROM differing c LEFT JOIN everyone e ON e.record_id = c.record_id LEFT JOIN {{warehouse}}.link.memory m ON m.record_id = c.record_id
LEFT JOIN {{warehouse}}.{{standard}} s ON s.record_id = c.record_id LEFT JOIN {{warehouse}}.link.decision o ON o.record_id = c.record_id
"""

# The first `before` and the last `after` between two runs; what came back to where it was is no difference.
_DIFFERENCE = f"""
CREATE OR REPLACE TEMP TABLE run_difference AS
SELECT record_id, agency, feed, {{sides}}, cause FROM (
    SELECT record_id, any_value(agency) AS agency, any_value(feed) AS feed, arg_max(cause, run_no) AS cause,
        {", ".join(f"arg_min_null(before_{c}, run_no) AS b_{c}, arg_max_null(after_{c}, run_no) AS a_{c}" for c in _SIDES)}
    FROM link.change WHERE run_no > $low AND run_no <= $high GROUP BY record_id)
WHERE NOT (b_decision IS NOT DISTINCT FROM a_decision AND b_register_key IS NOT DISTINCT FROM a_register_key
    AND b_person_id IS NOT DISTINCT FROM a_person_id)
"""


@dataclass(frozen=True)
class LastRun:
    """The run of linkage before this one: its number, the basis it rested on, the last ruling that it knew, and its program."""

    run_no: int
    register: str | None = None
    model: str | None = None
    rulings: int = 0
    program: str | None = None

    def rested_on(self, basis: Basis) -> bool:
        """Whether what it left rests on the same release and model, so that this run may add to it."""
        return (self.register, self.model) == (basis.register, basis.model)


@dataclass(frozen=True)
class Difference:
    """How run `after` differs from run `before`: records by (agency, feed, cause), and in table `run_difference` each of them.

    Columns of `run_difference` (temporary, on the connection): record_id, agency, feed, before_* and after_* (decision,
    register_id, register_key, person_id; all absent where the record was not in force), cause.
    """

    before: str
    after: str
    counts: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @property
    def records(self) -> int:
        """Records whose answer differs."""
        return sum(self.counts.values())


def last_run(con: duckdb.DuckDBPyConnection, warehouse: str) -> LastRun:
    """What `link.run` says last; number 0 before the first."""
    columns = "run_no, register, model, rulings, program"
    rows = con.execute(f"SELECT {columns} FROM {warehouse}.link.run ORDER BY run_no DESC LIMIT 1").fetchall()
    return LastRun(*rows[0]) if rows else LastRun(0)


def find_changes(con: duckdb.DuckDBPyConnection, warehouse: str, basis: Basis, last: LastRun, run_id: str) -> None:
    """Make `change`, the rows of this run for `link.change`, from the answers in force and those about to replace them.

    Reads `decided`, `entity`, `everyone` and `known(register_id, register_key)`. Where a night brings several causes, the nearest to
    the record is named: its own data, a ruling on its person, then the release, then the model.
    """
    con.execute(_TOUCHED.format(warehouse=warehouse, seen=last.rulings))
    same_release = last.register == basis.register
    con.execute(_SUSPECT.format(warehouse=warehouse, **_told(warehouse, last, basis)))
    con.execute(
        _CHANGE.format(
            warehouse=warehouse,
            standard=STANDARD,
            run_no=last.run_no + 1,
            sides=", ".join(f"{t}.{c} AS {side}_{c}" for side, t in (("before", "b"), ("after", "a")) for c in _SIDES),
            columns=", ".join(f"{side}_{c}" for side in ("before", "after") for c in _SIDES),
            where="coalesce(s.agency, o.agency) AS agency, coalesce(s.feed, o.feed) AS feed",
            same=f"b.record_id IS NOT NULL AND a.record_id IS NOT NULL AND {_SAME}",
            exact="AND b.register_id IS NOT DISTINCT FROM a.register_id" if same_release else "",
            new_register=not same_release,
            new_model=(last.model, last.program) != (basis.model, basis.program),
        ),
        {"run": run_id},
    )


def _told(warehouse: str, last: LastRun, basis: Basis) -> dict[str, str]:
    """What tells a register person apart in _SUSPECT: its row while release and model stay, else what it is known by over releases."""
    if last.rested_on(basis):
        return {"told_before": "register_id", "told_after": "register_id", "known_before": "", "known_after": ""}
    told = "register_key, register_id" if last.register == basis.register else "register_key"
    before, after = (f"LEFT JOIN {known} USING (register_id)" for known in (f"{warehouse}.link.register_known", "known"))
    return {"told_before": told, "told_after": told, "known_before": before, "known_after": after}


def diff(con: duckdb.DuckDBPyConnection, run_a: str, run_b: str) -> Difference:
    """What run `run_b` says otherwise than run `run_a`, composed of the changes between them; either may be the older.

    Raises:
        ConfigError: linkage never ran under one of the two run ids.
    """
    numbers = [_run_no(con, run) for run in (run_a, run_b)]
    first, last = ("b", "a") if numbers[0] <= numbers[1] else ("a", "b")
    sides = ", ".join(f"{short}_{c} AS {side}_{c}" for short, side in ((first, "before"), (last, "after")) for c in _SIDES)
    con.execute(_DIFFERENCE.format(sides=sides), {"low": min(numbers), "high": max(numbers)})
    rows = con.execute("SELECT agency, feed, cause, count(*) FROM run_difference GROUP BY ALL ORDER BY ALL").fetchall()
    return Difference(run_a, run_b, {(agency, feed, cause): n for agency, feed, cause, n in rows})


def _run_no(con: duckdb.DuckDBPyConnection, run_id: str) -> int:
    known = con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'link' AND table_name = 'run'").fetchone()
    row = con.execute("SELECT max(run_no) FROM link.run WHERE run_id = ?", [run_id]).fetchone() if known else None
    if row is None or row[0] is None:
        raise ConfigError(
            f"malam {run_id}: pemadanan tidak pernah berjalan dengan nama itu.", todo="Lihat run_id di link.run atau dengan padan status."
        )
    return int(row[0])
