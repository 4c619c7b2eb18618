"""One defect of each kind, planted in what a real night left or delivered: the rule that is meant for it stops or flags it.

And the other way round: nothing fails on the night itself, nor on ordinary nights after it.
"""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Callable
from pathlib import Path

import duckdb
import judged
import pytest
from judged import Bench, Failed
from landed import Desk, csv_text, desk, pkh, row, sha256_line
from nights import AS_OF

from padan.intake.refusing import refuse_strays
from padan.linkage.estimates import Figure
from padan.linkage.intervals import Estimate
from padan.quality import catalogue
from padan.quality.accuracy import judge_accuracy
from padan.quality.deliveries import judge_deliveries
from padan.quality.suites import SUITES
from schemas.extracts import contracts

# --- in what was delivered -------------------------------------------------------------------------------------------------------

FEED, RAW = "kemensos/pkh", "raw.kemensos__pkh"


def _failed(at: Desk, as_of: dt.date = AS_OF) -> Failed:
    taken = at.take(FEED, as_of)
    failed = {(one.rule_id, RAW) for one in judge_deliveries(at.con, contracts()[FEED], as_of) if not one.passed}
    failed |= {("kiriman_diterima", RAW) for _ in taken.refused}
    return failed | {("penarikan_terjawab", RAW) for question in taken.questions if question.answer is None}


def _half_file(at: Desk) -> Failed:
    path = at.deliver(FEED, csv_text(FEED, pkh(200)))
    (path.parent / "MANIFEST.sha256").write_text(sha256_line(path))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return _failed(at)


def _half_file_unannounced(at: Desk) -> Failed:
    at.deliver(FEED, csv_text(FEED, pkh(200)), day="2026-11-20")
    assert not _failed(at)
    at.deliver(FEED, csv_text(FEED, pkh(100)), day="2026-11-23")
    return _failed(at)


def _delivered_twice_in_one_file(at: Desk) -> Failed:
    at.deliver(FEED, csv_text(FEED, pkh(200) + pkh(40)))
    return _failed(at)


def _empty(at: Desk) -> Failed:
    at.deliver(FEED, b"")
    return _failed(at)


def _column_gone(at: Desk) -> Failed:
    at.deliver(FEED, csv_text(FEED, pkh(20)).replace("TGL_LAHIR", "UMUR", 1))
    return _failed(at)


def _other_encoding(at: Desk) -> Failed:
    at.deliver(FEED, csv_text(FEED, pkh(20)).encode("utf-16"))
    return _failed(at)


def _other_delimiter(at: Desk) -> Failed:
    at.deliver(FEED, csv_text(FEED, pkh(20)).replace(";", ","))
    return _failed(at)


def _dates_of_another_kind(at: Desk) -> Failed:
    at.deliver(FEED, csv_text(FEED, pkh(20, tanggal_lahir="belum ada")))
    return _failed(at)


def _keys_missing(at: Desk) -> Failed:
    at.deliver(FEED, csv_text(FEED, [*pkh(192), *(row(FEED, id_pkh="") for _ in range(8))]))
    return _failed(at)


def _keys_missing_throughout(at: Desk) -> Failed:
    at.deliver(FEED, csv_text(FEED, [row(FEED, id_pkh="") for _ in range(50)]))
    return _failed(at)


def _codes_of_another_list(at: Desk) -> Failed:
    at.deliver(FEED, csv_text(FEED, pkh(50, komponen="01")))
    return _failed(at)


def _late(at: Desk) -> Failed:
    at.deliver(FEED, csv_text(FEED, pkh(20)), day="2026-05-01")
    return _failed(at)


def _never_came(at: Desk) -> Failed:
    return _failed(at)


def _of_an_ended_agreement(at: Desk) -> Failed:
    at.deliver(FEED, csv_text(FEED, pkh(20)), day="2029-01-02")
    return _failed(at, dt.date(2029, 1, 3))


def _stray(at: Desk) -> Failed:
    at.take(FEED)
    (at.landing / "titipan.csv").write_text("a,b\n1,2\n")
    return {("kiriman_diterima", "ledger.delivery") for _ in refuse_strays(at.context(), contracts())}


DELIVERED: list[tuple[Callable[[Desk], Failed], str, str]] = [
    (_half_file, "kiriman_diterima", RAW),
    (_half_file_unannounced, "penarikan_terjawab", RAW),
    (_delivered_twice_in_one_file, "duplikat_persis_sedikit", RAW),
    (_empty, "kiriman_diterima", RAW),
    (_column_gone, "kiriman_diterima", RAW),
    (_other_encoding, "kiriman_diterima", RAW),
    (_other_delimiter, "kiriman_diterima", RAW),
    (_dates_of_another_kind, "kiriman_diterima", RAW),
    (_keys_missing, "karantina_kecil", RAW),
    (_keys_missing_throughout, "kiriman_diterima", RAW),
    (_codes_of_another_list, "kiriman_diterima", RAW),
    (_late, "kiriman_tepat_waktu", RAW),
    (_never_came, "kiriman_tepat_waktu", RAW),
    (_of_an_ended_agreement, "kiriman_diterima", RAW),
    (_stray, "kiriman_diterima", "ledger.delivery"),
]


@pytest.mark.parametrize(("deliver", "rule_id", "table"), DELIVERED, ids=[d.__name__.strip("_") for d, *_ in DELIVERED])
def test_a_defect_in_a_delivery_meets_its_rule(deliver: Callable[[Desk], Failed], rule_id: str, table: str, tmp_path: Path) -> None:
    assert (rule_id, table) in catalogue()
    with desk(tmp_path) as at:
        assert (rule_id, table) in deliver(at)


# --- in what the night made of it ------------------------------------------------------------------------------------------------

DEFECTS = tomllib.loads((Path(__file__).parent / "planted_defects.toml").read_text())["defect"]


def _judge(name: str, rule_id: str, con: duckdb.DuckDBPyConnection, bench: Bench) -> set[str]:
    if name == "suites":
        only = [suite for suite in SUITES if suite.name == rule_id]
        return {r.suite for r in judged.run_suites(con, "uji", AS_OF, judged.QUALITY, suites=only) if not r.success}
    if name == "dbt":
        return {rule_id} if con.execute(f"SELECT count(*) FROM ({bench.dbt_tests[rule_id]})").fetchall()[0][0] else set()
    return {rule for rule, _ in getattr(judged, name)(con)}


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect["name"].replace(" ", "_"))
def test_a_defect_in_a_table_meets_its_rule(bench: Bench, defect: dict[str, str], tmp_path: Path) -> None:
    with bench.damaged(tmp_path, defect["sql"]) as con:
        assert defect["rule"] in _judge(defect["judge"], defect["rule"], con, bench)


def test_precision_that_fell_holds_the_night() -> None:
    seen = Figure("recall", "semua", "semua", 390, 400, Estimate(0.97, 0.96, 0.98), "twin")
    fell = Figure("precision", "semua", "semua", 8700, 9000, Estimate(0.97, 0.96, 0.98), "post_stratified")
    failing = {v.rule.rule_id for v in judge_accuracy([seen, fell], judged.LINKAGE.evaluation) if v.failing and v.rule.blocking}
    assert failing == {"presisi_padanan_tidak_jatuh"}


def test_there_are_forty_kinds_and_every_one_of_its_rules_is_known(bench: Bench) -> None:
    known = {rule for rule, _ in catalogue()} | bench.dbt_tests.keys()
    assert len(DELIVERED) + len(DEFECTS) + 1 >= 40
    assert {defect["rule"] for defect in DEFECTS} <= known


# --- and nothing else ------------------------------------------------------------------------------------------------------------


def test_nothing_fails_on_the_night_itself(bench: Bench, tmp_path: Path) -> None:
    with bench.damaged(tmp_path) as con:
        assert judged.everything(con, bench) == set()


@pytest.mark.parametrize("nights", [3, pytest.param(30, marks=pytest.mark.long)])
def test_ordinary_nights_raise_no_alarm(bench: Bench, nights: int, tmp_path: Path) -> None:
    """Each night loses and gains some rows of every feed at random, and now and then a feed is delivered anew."""
    dice = random.Random(30)  # noqa: S311 (a test's dice)
    with bench.damaged(tmp_path) as con:
        con.execute("DELETE FROM quality.metric; DELETE FROM quality.code_share")
        _keep_aside(con)
        for night in range(nights):
            _another_night(con, dice)
            as_of = AS_OF + dt.timedelta(days=1 + night)
            assert judged.suites(con, as_of, f"malam-{night}") == set(), f"night {night}"


SAMPLED = ("raw", "staging", "intermediate", "link")


def _sampled(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Tables of rows that come and go: those with a record_id, and the raw ones."""
    found = con.execute(
        """SELECT DISTINCT c.schema_name || '.' || c.table_name, first(column_name ORDER BY column_name)
        FROM duckdb_columns() c JOIN duckdb_tables() t USING (schema_name, table_name)
        WHERE c.schema_name IN (SELECT unnest(?)) AND column_name IN ('record_id', 'mention_id') GROUP BY ALL""",
        [list(SAMPLED)],
    ).fetchall()
    return [(str(table), str(key)) for table, key in found]


def _keep_aside(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE SCHEMA aside")
    for table, _ in _sampled(con):
        con.execute(f'CREATE TABLE aside."{table}" AS FROM {table}')
    con.execute("CREATE TABLE aside.indicator AS FROM marts.indicator")


def _another_night(con: duckdb.DuckDBPyConnection, dice: random.Random) -> None:
    seed, leaving = dice.randrange(10**6), dice.uniform(2, 12)
    for table, key in _sampled(con):
        con.execute(f"DELETE FROM {table}")
        con.execute(f"""INSERT INTO {table} FROM aside."{table}" WHERE hash({key} || '{seed}') % 100 >= {leaving}""")
    con.execute("DELETE FROM marts.indicator")
    con.execute(f"INSERT INTO marts.indicator SELECT * REPLACE (value * {dice.uniform(0.97, 1.03)} AS value) FROM aside.indicator")
    con.execute(
        "UPDATE intermediate.int_conformity SET terisi = terisi * 0.99, sesuai = sesuai * 0.985 WHERE total > 30 AND random() < 0.2"
    )
