"""The id of each person, which stays over nights, releases of the register and versions of the model.

Belongs here: naming persons. Does not belong here: which records are one person (entities).
"""

from __future__ import annotations

import duckdb

from padan.keys import keyed_hashes
from padan.linkage.workspace import WORK
from padan.warehouse import append_rows

#: Persons named at a time.
BATCH = 100_000

# Who holds which id by how many of its records. Nearly every person holds one id alone: only the contested are weighed, since their
# smallest record_ids are kept in memory that DuckDB cannot spill. Ids are told apart by 64 bits, in numbers that it can.
_HELD = """
CREATE OR REPLACE TABLE held AS
SELECT c.component, r.record_id, e.person_id, hash(e.person_id) AS id_hash
FROM component c JOIN everyone r USING (rec_no) JOIN {warehouse}.link.entity e USING (record_id);
CREATE OR REPLACE TABLE contested AS
SELECT component FROM held GROUP BY 1 HAVING min(id_hash) <> max(id_hash)
UNION SELECT component FROM held SEMI JOIN (SELECT id_hash FROM held GROUP BY 1 HAVING min(component) <> max(component)) USING (id_hash)
"""

# An id stays with the larger part of its records, and a person of two ids keeps the one of more; ties by record_id.
_INHERITED = """
CREATE OR REPLACE TABLE inherited AS
WITH counted AS (SELECT component, person_id, count(*) AS n, min(record_id) AS first FROM held SEMI JOIN contested USING (component)
    GROUP BY ALL),
kept AS (SELECT * FROM counted QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY n DESC, first) = 1)
SELECT component, person_id FROM kept QUALIFY row_number() OVER (PARTITION BY component ORDER BY n DESC, first) = 1
UNION ALL SELECT DISTINCT component, person_id FROM held ANTI JOIN contested USING (component);
DROP TABLE held
"""

_FRESH = """
CREATE OR REPLACE TABLE fresh AS SELECT component, min(record_id) AS first, NULL::VARCHAR AS person_id
FROM component JOIN everyone USING (rec_no) WHERE component NOT IN (SELECT component FROM inherited) GROUP BY 1
"""

# An id that someone else has or had, or that two would get.
_TAKEN = """
UPDATE fresh SET person_id = NULL WHERE person_id IN (SELECT person_id FROM {warehouse}.link.entity)
    OR component IN (SELECT component FROM fresh WHERE person_id IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY first) > 1)
"""

_AFTER = """
CREATE OR REPLACE TABLE entity_after AS
SELECT coalesce(n.record_id, o.record_id) AS record_id, coalesce(n.person_id, o.person_id) AS person_id,
    CASE WHEN n.person_id IS NULL OR n.person_id = o.person_id THEN o.since_run_id ELSE $run END AS since_run_id,
    CASE WHEN n.person_id IS NULL THEN o.run_id ELSE $run END AS run_id
FROM entity n FULL JOIN {warehouse}.link.entity o ON o.record_id = n.record_id
"""


def name_entities(con: duckdb.DuckDBPyConnection, warehouse: str, key: bytes, run_id: str) -> None:
    """Make `entity(rec_no, record_id, person_id)` from `component`, and `entity_after`, what `link.entity` is to remember.

    An id once given stays with the larger part of its records; only a person without one gets a new id, from the
    keyed hash of the smallest record_id.
    """
    con.execute(_HELD.format(warehouse=warehouse))
    con.execute(_INHERITED)
    con.execute(_FRESH)
    attempt = 0
    while _name_fresh(con, key, attempt):
        con.execute(_TAKEN.format(warehouse=warehouse))
        attempt += 1
    con.execute(
        """CREATE OR REPLACE TABLE entity AS SELECT rec_no, record_id, person_id FROM component
        JOIN (SELECT component, person_id FROM inherited UNION ALL SELECT component, person_id FROM fresh) USING (component)
        JOIN everyone USING (rec_no)"""
    )
    con.execute("DROP TABLE inherited; DROP TABLE fresh")
    con.execute(_AFTER.format(warehouse=warehouse), {"run": run_id})


def _name_fresh(con: duckdb.DuckDBPyConnection, key: bytes, attempt: int) -> int:
    """Give every person of `fresh` without an id the one of this attempt; returns how many there were."""
    con.execute("CREATE OR REPLACE TABLE minted (component INTEGER, person_id VARCHAR)")
    cursor = con.cursor().execute(f"SELECT component, first FROM {WORK}.main.fresh WHERE person_id IS NULL")
    named = 0
    while rows := cursor.fetchmany(BATCH):
        components, firsts = zip(*rows, strict=True)
        ids = ["P" + hashed[:20] for hashed in keyed_hashes(key, ("person",), ((first, str(attempt)) for first in firsts))]
        append_rows(con, "minted", list(zip(components, ids, strict=True)))
        named += len(rows)
    con.execute("UPDATE fresh SET person_id = m.person_id FROM minted m WHERE m.component = fresh.component")
    return named
