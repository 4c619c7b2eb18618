"""Each audience's own name for a person: two audiences cannot join their files, and no key leaves the key folder."""

from __future__ import annotations

from pathlib import Path

import duckdb

from padan.keys import keyed_hash, load_key

TABLE = "temp.serving_pseudonym"


def make_pseudonyms(con: duckdb.DuckDBPyConnection, keys: Path, audience: str, person_sources: list[str]) -> None:
    """Fill `TABLE` (person_id, pseudonim) for every person of the given tables, with this audience's key.

    The key is used in Python only: never in SQL, whose text DuckDB may quote. Codes are of no other use than
    to join tables of one file; they stay the same over nights as long as the person does.
    """
    import pyarrow as pa

    key = load_key(keys, f"pseudonym-{audience}")
    union = " UNION ".join(f"SELECT person_id FROM {source}" for source in person_sources) or "SELECT NULL AS person_id"
    persons = [row[0] for row in con.execute(f"SELECT person_id FROM ({union}) WHERE person_id IS NOT NULL").fetchall()]
    names = pa.table(
        {"person_id": pa.array(persons, pa.string()), "pseudonim": pa.array([keyed_hash(key, audience, p) for p in persons], pa.string())}
    )
    con.register("serving_names", names)
    con.execute("CREATE OR REPLACE TEMP TABLE serving_pseudonym AS SELECT person_id, pseudonim FROM serving_names")
    con.unregister("serving_names")


def forget_pseudonyms(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the table that joins persons to their pseudonyms."""
    con.execute(f"DROP TABLE IF EXISTS {TABLE}")
