"""Every column that linkage leaves says what it means, in the warehouse and so in the UI."""

from __future__ import annotations

from linkage_world import built, child, crowd, home_of, linked, record, warehouse

from padan.linkage.meanings import MEANINGS
from padan.linkage.tables import TABLES

UNCOMMENTED = "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'link' AND coalesce(comment, '') = ''"


def test_every_column_says_what_it_means_and_goes_on_saying_it_night_after_night(tmp_path) -> None:
    home = home_of(tmp_path / "home")
    release = built(home, [child(1, "YUSUF HABIBIE", "2013-04-19"), *crowd(50)])
    con = warehouse([record(1, "YUSUF HABIBIE", "2013-04-19")])
    for night in ("uji-1", "uji-2"):
        linked(con, home, release, night)
        assert con.execute(UNCOMMENTED).fetchall() == []
    assert con.execute("SELECT count(DISTINCT table_name) FROM duckdb_columns() WHERE schema_name = 'link'").fetchall() == [(len(TABLES),)]


def test_no_meaning_is_of_a_column_that_is_no_more() -> None:
    columns = " ".join(TABLES.values())
    assert [name for name in MEANINGS if f"{name} " not in columns] == []
