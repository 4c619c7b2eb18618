"""Fetches a few register persons by number: the rows first, then what they mean, since a view would read the whole register."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from padan.linkage.workspace import REGISTER
from padan.register.segments import ROW_GROUP
from padan.register.views import REGISTER_ID, attribute_sql, person_sql
from padan.warehouse import count_rows

#: Keys of a join up to which DuckDB looks for their row groups by itself.
_FEW = 50

#: SQL over a fetched register person `p`: equal for one person in any release.
REGISTER_KEY = """substr(sha256(coalesce('nik|' || p.nik, concat_ws('|', p.id_keluarga,
    coalesce(array_to_string(list_sort(p.nama), ' '), ''), coalesce(CAST(p.tanggal_lahir AS VARCHAR), '')))), 1, 20)"""

# Only who has no NIK is known by name: few, and names are what is costly to read.
_DESCRIBED = """
CREATE OR REPLACE TABLE {target} AS SELECT p.register_id, a.* EXCLUDE (person_no), p.nik, {key} AS register_key
FROM ({attributes}) a JOIN (SELECT p.person_no, {register_id} AS register_id,
        lpad(CAST(p.nik AS VARCHAR), 16, '0') AS nik, f.id_keluarga, n.nama, p.tanggal_lahir
    FROM fetched_row p JOIN fetched_family f USING (keluarga_no) CROSS JOIN {register}.release v
    LEFT JOIN ({names}) n ON n.person_no = p.person_no) p USING (person_no)
"""


def fetch_persons(con: duckdb.DuckDBPyConnection, among: str, target: str) -> None:
    """Make `target`: the columns of the register's `person`, and id_keluarga, of the persons in `among` (a SELECT of person_no)."""
    with _fetched(con, among):
        con.execute(
            f"""CREATE OR REPLACE TABLE {target} AS SELECT p.*, f.id_keluarga
            FROM ({person_sql("fetched_row", "fetched_family", f"{REGISTER}.")}) p JOIN fetched_family f USING (keluarga_no)"""
        )


def fetch_attributes(con: duckdb.DuckDBPyConnection, among: str, target: str) -> None:
    """Make `target(register_id, …, nik, register_key)`: the columns of the register's `attribute` of the persons in `among`."""
    with _fetched(con, among):
        con.execute("CREATE OR REPLACE TABLE fetched_unnumbered AS SELECT * FROM fetched_row WHERE nik IS NULL")
        names = person_sql("fetched_unnumbered", "fetched_family", f"{REGISTER}.")
        attributes = attribute_sql("fetched_row", "fetched_family", f"{REGISTER}.")
        con.execute(
            _DESCRIBED.format(
                target=target, key=REGISTER_KEY, register_id=REGISTER_ID, attributes=attributes, names=names, register=REGISTER
            )
        )
        con.execute("DROP TABLE fetched_unnumbered")


@contextmanager
def few(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """While the block lasts, joins with a few of the register's numbers read only those of its row groups that may hold one.

    Its rows lie in the order of their numbers; more numbers than row groups would meet nearly all of them.
    """
    persons = count_rows(con, f"{REGISTER}.person_row")
    con.execute(f"SET dynamic_or_filter_threshold = {max(_FEW, persons // ROW_GROUP)}")
    yield
    con.execute("RESET dynamic_or_filter_threshold")


@contextmanager
def _fetched(con: duckdb.DuckDBPyConnection, among: str) -> Iterator[None]:
    """The narrow rows of the persons in `among`, as `fetched_row` and `fetched_family`, while the block lasts."""
    with few(con):
        con.execute(f"CREATE OR REPLACE TABLE fetched_row AS SELECT p.* FROM {REGISTER}.person_row p SEMI JOIN ({among}) USING (person_no)")
        con.execute(
            f"CREATE OR REPLACE TABLE fetched_family AS SELECT f.* FROM {REGISTER}.family f SEMI JOIN fetched_row USING (keluarga_no)"
        )
    yield
    for scaffold in ("fetched_row", "fetched_family"):
        con.execute(f"DROP TABLE {scaffold}")
