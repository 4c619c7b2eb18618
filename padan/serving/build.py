"""One audience's file, table by table from the list in schemas.sharing: nothing else goes in.

The file is written in the storage format of DuckDB 1.2, which every client from 1.2 to 2.0 opens, and each table also
as Parquet beside it. Belongs here: how. Does not belong here: what may be served (schemas.sharing), which cells are
hidden (disclosure).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

import duckdb

from padan.errors import Defect
from padan.serving.disclosure import TOLD
from padan.serving.macros import make_macros
from padan.serving.pseudonym import TABLE as PSEUDONYMS
from padan.warehouse import number
from schemas.extracts import contracts
from schemas.sharing import PSEUDONYM, Audience, Table

STORAGE_VERSION = "v1.2.0"
FILE = "padan.duckdb"
SERVED = "served"

_CHECKS = (
    "check",
    "Satu baris tiap aturan mutu dan tabel dalam satu malam.",
    {
        "run_id": "terbitan",
        "rule_id": "nama aturan",
        "table_name": "tabel yang diperiksa",
        "dimension": "dimensi mutu DAMA",
        "severity": "error menahan terbitan, warn ditampilkan",
        "numerator": "satuan yang melanggar",
        "denominator": "satuan yang diperiksa",
        "value": "bagian yang melanggar",
        "passed": "benar bila aturan dipenuhi",
        "checked_at": "waktu pemeriksaan, UTC",
    },
)
_ABOUT = ("terbitan", "Satu baris: terbitan mana ini, untuk siapa, dari data dan aturan versi mana.")
_ABOUT_COLUMNS = {
    "run_id": "terbitan",
    "as_of": "tanggal acuan umur dan masa berlaku",
    "audience": "untuk siapa berkas ini",
    "dtsen_versi": "rilis DTSEN",
    "code_version": "versi kode",
    "model_version": "versi model padanan",
    "policy_version": "versi aturan padanan",
}


def build_audience(
    con: duckdb.DuckDBPyConnection, audience: Audience, folder: Path, run_id: str, about: Mapping[str, str | None]
) -> dict[str, int]:
    """Write `folder`/padan.duckdb and its Parquet copies; returns rows by `schema.table`. No .wal is left.

    Run `hide_small_cells` and `make_pseudonyms` on `con` first.

    Raises:
        Defect: a mart or a column that the list promises is not there.
    """
    folder.mkdir(parents=True)
    con.execute(f"ATTACH '{_quoted(folder / FILE)}' AS {SERVED} (READ_WRITE, STORAGE_VERSION '{STORAGE_VERSION}')")
    try:
        # One transaction: a file has some hundred comments, and each commit waits for the disk.
        con.begin()
        _fill(con, audience, run_id, about)
        con.commit()
        con.execute(f"CHECKPOINT {SERVED}")
        rows = _copy_parquet(con, folder)
    except BaseException:
        with suppress(duckdb.TransactionException):
            con.rollback()
        raise
    finally:
        con.execute(f"DETACH {SERVED}")
    return rows


def _fill(con: duckdb.DuckDBPyConnection, audience: Audience, run_id: str, about: Mapping[str, str | None]) -> None:
    for schema in ("marts", "quality", "codes"):
        con.execute(f"CREATE SCHEMA {SERVED}.{schema}")
    columns = _columns(con)
    for table in audience.tables:
        _serve_mart(con, audience, table, columns.get(table.relation, {}))
    _serve_checks(con, audience, run_id)
    _serve_about(con, about)
    _serve_codes(con, {relation.removeprefix("codes."): of for relation, of in columns.items() if relation.startswith("codes.")})
    make_macros(con, SERVED, [table.name for table in audience.tables])


def _serve_mart(con: duckdb.DuckDBPyConnection, audience: Audience, table: Table, there: Collection[str]) -> None:
    wanted = {"person_id" if c.name == PSEUDONYM else c.name for c in table.columns}
    if wanted - set(there):
        raise Defect(f"{table.relation}: tidak ada kolom {sorted(wanted - set(there))} yang dijanjikan schemas/sharing.")
    chosen = ", ".join(f"p.{PSEUDONYM}" if c.name == PSEUDONYM else f'm."{c.name}"' for c in table.columns)
    source = TOLD if table.name == "indicator" else table.relation
    join = f"JOIN {PSEUDONYMS} p USING (person_id)" if table.has_persons else ""
    order = ", ".join(f'"{c.name}"' for c in table.columns)
    own = f"m.agency = '{table.agency}'" if table.agency else "true"
    # joined, then sorted: with a nation's rows the two at once found no memory
    con.execute(f"CREATE OR REPLACE TEMP TABLE serving_rows AS SELECT {chosen} FROM {source} m {join} WHERE {own}")
    con.execute(f"CREATE TABLE {SERVED}.marts.{table.name} AS SELECT * FROM serving_rows ORDER BY {order}")
    con.execute("DROP TABLE serving_rows")
    if number(con, f"SELECT count(*) FROM {SERVED}.marts.{table.name}") != number(con, f"SELECT count(*) FROM {source} m WHERE {own}"):
        raise Defect(
            f"marts.{table.name}: baris hilang atau berulang dalam berkas {audience.name}.", holds="Terbitan terakhir tetap berlaku."
        )
    _comment(con, "marts", table.name, table.about, {c.name: f"{c.about} [{c.source}]" for c in table.columns})


def own_rows(table: Table) -> str:
    """SQL relation: the rows that this table shows, with their person_id."""
    where = f" WHERE agency = '{table.agency}'" if table.agency else ""
    return f"(SELECT * FROM {table.relation}{where})"


def _serve_checks(con: duckdb.DuckDBPyConnection, audience: Audience, run_id: str) -> None:
    """Tonight's checks; none on other agencies' feeds or on marts that are not served, since their row counts say something too."""
    name, about, columns = _CHECKS
    others = sorted({c.feed.agency for c in contracts().values()} - {"dtsen", audience.name})
    con.execute(
        f"""
        CREATE TABLE {SERVED}.quality."{name}" AS SELECT {", ".join(columns)} FROM quality."check"
        WHERE run_id = ? AND NOT regexp_matches(table_name || ' ' || rule_id, ?)
            AND (NOT starts_with(table_name, 'marts.') OR list_contains(?, table_name))
        ORDER BY rule_id, table_name
        """,
        [run_id, "|".join(others), [f"marts.{table.name}" for table in audience.tables]],
    )
    _comment(con, "quality", name, about, columns)


def _serve_about(con: duckdb.DuckDBPyConnection, about: Mapping[str, str | None]) -> None:
    name, text = _ABOUT
    shape = ", ".join(f"{column} {'DATE' if column in {'as_of', 'dtsen_versi'} else 'VARCHAR'}" for column in _ABOUT_COLUMNS)
    con.execute(f"CREATE TABLE {SERVED}.quality.{name} ({shape})")
    marks = ", ".join("?" for _ in _ABOUT_COLUMNS)
    con.execute(f"INSERT INTO {SERVED}.quality.{name} VALUES ({marks})", [about.get(column) or None for column in _ABOUT_COLUMNS])
    _comment(con, "quality", name, text, _ABOUT_COLUMNS)


def _serve_codes(con: duckdb.DuckDBPyConnection, lists: Mapping[str, Mapping[str, str | None]]) -> None:
    """Every code list: they are public, and what they say of themselves goes with them."""
    said = dict(
        con.execute("SELECT table_name, comment FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'codes'")
        .fetchall()
    )  # fmt: skip
    for name, columns in sorted(lists.items()):
        order = ", ".join(f'"{column}"' for column in columns)
        con.execute(f"CREATE TABLE {SERVED}.codes.{name} AS SELECT * FROM codes.{name} ORDER BY {order}")
        about = said.get(name) or f"Daftar kode {name.removeprefix('codes_').replace('_', ' ')}."
        _comment(con, "codes", name, about, {column: text or f"{column} pada daftar ini" for column, text in columns.items()})


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str | None]]:
    """Columns of every table of the warehouse, in order, with their comments. Asked once: DuckDB lists them all each time."""
    tables: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for relation, column, comment in con.execute(
        """SELECT schema_name || '.' || table_name, column_name, comment FROM duckdb_columns()
        WHERE database_name = current_database() AND NOT internal ORDER BY schema_name, table_name, column_index"""
    ).fetchall():
        tables[relation][column] = comment
    return dict(tables)


def _comment(con: duckdb.DuckDBPyConnection, schema: str, table: str, about: str, columns: Mapping[str, str]) -> None:
    con.execute(f"COMMENT ON TABLE {SERVED}.{schema}.\"{table}\" IS '{_quoted(about)}'")
    for column, text in columns.items():
        con.execute(f'COMMENT ON COLUMN {SERVED}.{schema}."{table}"."{column}" IS \'{_quoted(text)}\'')


def _copy_parquet(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    query = f"SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = '{SERVED}' ORDER BY ALL"
    rows: dict[str, int] = {}
    for schema, table in con.execute(query).fetchall():
        (folder / schema).mkdir(exist_ok=True)
        target = _quoted(folder / schema / f"{table}.parquet")
        copied = con.execute(f"COPY {SERVED}.{schema}.\"{table}\" TO '{target}' (FORMAT parquet, COMPRESSION zstd)").fetchone()
        assert copied is not None
        rows[f"{schema}.{table}"] = int(copied[0])
    return rows


def _quoted(text: Path | str) -> str:
    """Text inside a single-quoted SQL literal, where DuckDB takes no parameter."""
    return str(text).replace("'", "''")
