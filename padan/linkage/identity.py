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

# Every record, of tonight or of a night before, with the id that it has: one look at what is kept, since texts of a nation are costly to
# put side by side. Ids are told apart by 64 bits, in numbers that DuckDB can spill, and the two runs of a row by one number.
_HELD = """
CREATE OR REPLACE TABLE id_run AS SELECT row_number() OVER () AS runs, since_run_id, run_id
FROM (SELECT DISTINCT since_run_id, run_id FROM {warehouse}.link.entity);
CREATE OR REPLACE TABLE held AS
SELECT e.rec_no, e.component, coalesce(e.record_id, o.record_id) AS record_id, o.person_id, o.id_hash, o.runs
FROM (SELECT rec_no, component, record_id FROM component JOIN everyone USING (rec_no)) e
FULL JOIN (SELECT record_id, person_id, hash(person_id) AS id_hash, runs
    FROM {warehouse}.link.entity JOIN id_run USING (since_run_id, run_id)) o ON o.record_id = e.record_id
"""

# Nearly every person holds one id alone, all of its records: only the others are named.
_CONTESTED = """
CREATE OR REPLACE TABLE contested AS
WITH claim AS (SELECT component, id_hash FROM held WHERE component IS NOT NULL AND id_hash IS NOT NULL)
SELECT component FROM claim GROUP BY 1 HAVING min(id_hash) <> max(id_hash)
UNION SELECT component FROM claim SEMI JOIN (SELECT id_hash FROM claim GROUP BY 1 HAVING min(component) <> max(component)) USING (id_hash);
CREATE OR REPLACE TABLE unnamed AS
SELECT component FROM contested UNION SELECT component FROM held WHERE component IS NOT NULL AND person_id IS NULL
"""

# An id stays with the larger part of its records, and a person of two ids keeps the one of more; ties by record_id.
_INHERITED = """
CREATE OR REPLACE TABLE named AS
WITH counted AS (SELECT component, person_id, count(*) AS n, min(record_id) AS first FROM held SEMI JOIN contested USING (component)
    WHERE person_id IS NOT NULL GROUP BY ALL),
kept AS (SELECT * FROM counted QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY n DESC, first) = 1)
SELECT component, person_id FROM kept QUALIFY row_number() OVER (PARTITION BY component ORDER BY n DESC, first) = 1
UNION ALL SELECT DISTINCT component, person_id FROM held SEMI JOIN unnamed USING (component) ANTI JOIN contested USING (component)
    WHERE person_id IS NOT NULL
"""

_FRESH = """
CREATE OR REPLACE TABLE fresh AS SELECT component, min(record_id) AS first, NULL::VARCHAR AS person_id
FROM held SEMI JOIN unnamed USING (component) WHERE component NOT IN (SELECT component FROM named) GROUP BY 1
"""

# An id that someone else has or had, or that two would get.
_TAKEN = """
UPDATE fresh SET person_id = NULL WHERE person_id IN (SELECT person_id FROM held SEMI JOIN (SELECT person_id FROM fresh) USING (person_id))
    OR component IN (SELECT component FROM fresh WHERE person_id IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY first) > 1)
"""

# A table, since several queries join it: the names of a nation's first night, joined in each anew, would not fit beside their other texts.
_ENTITY = """
CREATE OR REPLACE TABLE entity AS SELECT h.rec_no, h.record_id, coalesce(n.person_id, h.person_id) AS person_id
FROM held h LEFT JOIN named n USING (component) WHERE h.rec_no IS NOT NULL;
CREATE OR REPLACE VIEW entity_after AS
SELECT h.record_id, coalesce(n.person_id, h.person_id) AS person_id,
    CASE WHEN coalesce(n.person_id, h.person_id) = h.person_id THEN i.since_run_id ELSE '{run}' END AS since_run_id,
    CASE WHEN h.rec_no IS NULL THEN i.run_id ELSE '{run}' END AS run_id
FROM held h LEFT JOIN named n USING (component) LEFT JOIN id_run i USING (runs)
"""


def name_entities(con: duckdb.DuckDBPyConnection, warehouse: str, key: bytes, run_id: str) -> None:
    """Make `entity(rec_no, record_id, person_id)` from `component`, and `entity_after`, what `link.entity` is to remember.

    An id once given stays with the larger part of its records; only a person without one gets a new id, from the
    keyed hash of the smallest record_id.
    """
    con.execute(_HELD.format(warehouse=warehouse))
    con.execute(_CONTESTED)
    con.execute(_INHERITED)
    con.execute(_FRESH)
    attempt = 0
    while _name_fresh(con, key, attempt):
        con.execute(_TAKEN)
        attempt += 1
    con.execute("INSERT INTO named SELECT component, person_id FROM fresh; DROP TABLE fresh")
    con.execute(_ENTITY.format(run=run_id))


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
