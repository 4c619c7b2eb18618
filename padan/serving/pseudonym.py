"""Each audience's own name for a person: two audiences cannot join their files, and no key leaves the key folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from padan.keys import keyed_hashes, load_key

TABLE = "temp.serving_pseudonym"
BATCH = 50_000


def make_pseudonyms(con: duckdb.DuckDBPyConnection, keys: Path, audience: str, person_sources: list[str]) -> None:
    """Fill `TABLE` (person_id, pseudonim) for every person of the given tables, with this audience's key.

    The key is used in Python only: never in SQL, whose text DuckDB may quote. Codes are of no other use than
    to join tables of one file; they stay the same over nights as long as the person does.
    """
    import pyarrow as pa

    key = load_key(keys, f"pseudonym-{audience}")
    union = " UNION ".join(f"SELECT person_id FROM {source}" for source in person_sources) or "SELECT NULL AS person_id"
    schema = pa.schema([("person_id", pa.string()), ("pseudonim", pa.string())])
    persons = con.cursor().execute(f"SELECT DISTINCT person_id FROM ({union}) WHERE person_id IS NOT NULL")
    con.register("serving_names", pa.RecordBatchReader.from_batches(schema, _named(persons, key, audience, schema)))
    con.execute("CREATE OR REPLACE TEMP TABLE serving_pseudonym AS SELECT person_id, pseudonim FROM serving_names")
    con.unregister("serving_names")


def _named(persons: duckdb.DuckDBPyConnection, key: bytes, audience: str, schema: Any) -> Iterator[Any]:
    """Batches of persons with their codes: a national file has twenty million of them."""
    import pyarrow as pa

    while rows := persons.fetchmany(BATCH):
        yield pa.record_batch([[person for (person,) in rows], keyed_hashes(key, (audience,), rows)], schema=schema)


def forget_pseudonyms(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the table that joins persons to their pseudonyms."""
    con.execute(f"DROP TABLE IF EXISTS {TABLE}")
