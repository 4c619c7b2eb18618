"""What is in force after any deliveries in any order: supersession, withdrawal and its question, identity of rows."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landed import NIGHT, Desk, cells, csv_text, desk, header, pkh, row, workbook

from padan.config import WithdrawalAnswer
from schemas.extracts.contract import Contract, Scope

PKH, PPKS, SAFE, LKS, KPAI = "kemensos/pkh", "kemensos/ppks", "kemensos/rumah_aman", "kemensos/lks", "kpai/pengaduan"
D1, D2, D3 = "2026-11-01", "2026-11-10", "2026-11-20"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    """As many installations as asked for."""
    opened = []

    def another() -> Desk:
        opened.append(desk(tmp_path / str(len(opened))))
        (tmp_path / str(len(opened) - 1)).mkdir()
        return opened[-1].__enter__()

    yield another
    for one in opened:
        one.__exit__(None, None, None)


def keys(office: Desk) -> set[str]:
    return {r[0] for r in office.in_force(PKH, "id_pkh")}


def answer(feed: str, day: str, what: str) -> WithdrawalAnswer:
    return WithdrawalAnswer(feed=feed, delivery_date=dt.date.fromisoformat(day), answer=what, by="kepala", reason="uji")  # type: ignore[arg-type]


def test_a_later_delivery_supersedes_row_by_row_and_withdraws_what_it_no_longer_holds(office: Desk) -> None:
    office.deliver(PKH, csv_text(PKH, pkh(40)), day=D1)
    office.take(PKH)
    office.deliver(PKH, csv_text(PKH, pkh(39, nama="BUDI BARU")), day=D2)
    assert office.take(PKH).questions == ()
    assert len(keys(office)) == 39 and {r[0] for r in office.in_force(PKH, "nama")} == {"BUDI BARU"}
    assert office.all("SELECT count(*) FROM raw.kemensos__pkh") == [(79,)]
    assert office.all("SELECT status FROM ledger.delivery ORDER BY delivery_date") == [("superseded",), ("accepted",)]


def test_the_record_id_of_a_key_is_the_same_in_every_delivery(office: Desk) -> None:
    for day, name in ((D1, "BUDI"), (D2, "BUDI BARU")):
        office.deliver(PKH, csv_text(PKH, pkh(2, nama=name)), day=day)
    office.take(PKH)
    assert office.all("SELECT count(DISTINCT record_id), count(*) FROM raw.kemensos__pkh") == [(2, 4)]


def test_nothing_is_withdrawn_until_the_operator_answers_when_too_much_would_go(office: Desk) -> None:
    office.deliver(PKH, csv_text(PKH, pkh(40)), day=D1)
    office.deliver(PKH, csv_text(PKH, pkh(30)), day=D2)
    intake = office.take(PKH)
    assert [(q.would_withdraw, q.in_force, q.absent_scopes) for q in intake.questions] == [(10, 40, 0)]
    assert "10 dari 40" in intake.questions[0].sentence
    assert len(keys(office)) == 40
    office.answers = (answer(PKH, D2, "keep"),)
    assert office.take(PKH).questions == () and len(keys(office)) == 40
    office.answers = (answer(PKH, D2, "withdraw"),)
    assert office.take(PKH).questions == () and len(keys(office)) == 30
    office.answers = ()
    assert len(office.take(PKH).questions) == 1 and len(keys(office)) == 40


def test_a_question_is_settled_by_a_later_complete_delivery(office: Desk) -> None:
    for day, count in ((D1, 40), (D2, 30), (D3, 40)):
        office.deliver(PKH, csv_text(PKH, pkh(count, bank=day)), day=day)
    assert office.take(PKH).questions == () and len(keys(office)) == 40


def test_an_incremental_feed_withdraws_nothing(office: Desk) -> None:
    contract = office.contracts[PKH]
    office.contracts = {PKH: Contract(replace(contract.feed, full=False), contract.model)}
    office.deliver(PKH, csv_text(PKH, pkh(40)), day=D1)
    office.deliver(PKH, csv_text(PKH, [row(PKH, id_pkh="0999")]), day=D2)
    assert office.take(PKH).questions == ()
    assert office.all("SELECT count(*) FROM ledger.withdrawal_question") == [(0,)]


def regencies(count: int, rows: int = 3, name: str = "ANAK") -> dict[str, list[dict[str, str]]]:
    """Rows by regency: as a national delivery in parts."""
    return {
        f"{11 + n // 50}.{1 + n % 50:02d}": [
            row(PPKS, nama=f"{name} {n} {i}", kode_kecamatan=f"{11 + n // 50}.{1 + n % 50:02d}.01") for i in range(rows)
        ]
        for n in range(count)
    }


def deliver_parts(office: Desk, parts: dict[str, list[dict[str, str]]], day: str) -> None:
    for code, rows in parts.items():
        office.deliver(PPKS, csv_text(PPKS, rows), f"ppks_{code}.csv", day)


@pytest.mark.parametrize("missing", [1, 4], ids=["under 5 %", "over 5 %"])
def test_regency_parts_with_some_absent_withdraw_no_child_of_the_absent_ones(office: Desk, missing: int) -> None:
    whole = regencies(60)
    deliver_parts(office, whole, D1)
    assert office.take(PPKS).accepted == 180
    arrived = dict(list(regencies(60, name="ANAK BARU").items())[: 60 - missing])
    deliver_parts(office, arrived, D2)
    intake = office.take(PPKS)
    assert [(q.would_withdraw, q.in_force, q.absent_scopes) for q in intake.questions] == [(3 * missing, 180, missing)]
    by_scope = dict(office.all("SELECT scope, count(*) FROM raw.kemensos__ppks__in_force GROUP BY ALL"))
    assert by_scope == dict.fromkeys(whole, 3), "the absent regencies keep their children, the others were replaced"
    absent = set(whole) - set(arrived)
    assert {r[0] for r in office.in_force(PPKS, "scope") if r[0] in absent} == absent
    office.answers = (answer(PPKS, D2, "withdraw"),)
    office.take(PPKS)
    assert {r[0] for r in office.in_force(PPKS, "scope")} == set(arrived)


def test_a_scope_that_shrank_is_not_replaced_until_answered(office: Desk) -> None:
    parts = regencies(3, rows=60)
    deliver_parts(office, parts, D1)
    code = next(iter(parts))
    deliver_parts(office, parts | {code: parts[code][:40]}, D2)
    assert [(q.would_withdraw, q.absent_scopes) for q in office.take(PPKS).questions] == [(20, 0)]
    assert len(office.in_force(PPKS)) == 180


def test_a_feed_without_a_stable_key_is_replaced_whole_and_a_corrected_cell_is_a_new_record(office: Desk) -> None:
    rows = [row(PPKS, nama=f"ANAK {n}") for n in range(30)]
    office.deliver(PPKS, csv_text(PPKS, rows), day=D1)
    corrected = [replace_name(r) if n == 0 else r for n, r in enumerate(rows)]
    office.deliver(PPKS, csv_text(PPKS, corrected), day=D2)
    assert office.take(PPKS).questions == ()
    names = [r[0] for r in office.in_force(PPKS, "nama")]
    assert len(names) == 30 and "ANAK NOL" in names and "ANAK 0" not in names
    assert office.all("SELECT count(DISTINCT record_id) FROM raw.kemensos__ppks") == [(31,)]


def replace_name(values: dict[str, str]) -> dict[str, str]:
    return values | {"nama": "ANAK NOL"}


@pytest.mark.parametrize(
    ("code", "scope"),
    [("32.73.05", "32.73"), ("327305", "32.73"), ("327305.0", "32.73"), ("'327305", "32.73"), ("32", None), ("BANDUNG", None), ("", None)],
)
def test_the_scope_of_a_row_is_its_regency_where_the_code_shows_one(office: Desk, code: str, scope: str | None) -> None:
    good = [row(PPKS, nama=f"ANAK {n}") for n in range(9)]
    office.deliver(PPKS, csv_text(PPKS, [row(PPKS, kode_kecamatan=code), *good]))
    office.take(PPKS)
    assert office.all("SELECT scope FROM raw.kemensos__ppks WHERE source_row = 1") == [(scope,)]


def test_a_province_scope_is_the_first_two_digits(office: Desk) -> None:
    contract = office.contracts[PPKS]
    office.contracts = {PPKS: Contract(replace(contract.feed, scope=Scope.PROVINCE), contract.model)}
    office.deliver(PPKS, csv_text(PPKS, [row(PPKS)]))
    office.take(PPKS)
    assert office.in_force(PPKS, "scope") == [("32",)]


def test_the_same_bytes_delivered_twice_are_one_delivery(office: Desk) -> None:
    text = csv_text(PKH, pkh(5))
    office.deliver(PKH, text, day=D1)
    office.deliver(PKH, text, name="nama lain.csv", day=D2)
    assert [d.status for d in office.take(PKH).deliveries] == ["accepted", "same_bytes"]
    assert office.all("SELECT count(*) FROM ledger.delivery") == [(1,)]


def test_a_file_lying_twice_in_one_delivery_is_counted_as_duplicates(office: Desk) -> None:
    text = csv_text(PPKS, [row(PPKS, no=n, nama=f"ANAK {n}") for n in range(5)])
    office.deliver(PPKS, text, "a.csv")
    office.deliver(PPKS, text, "b (salinan).csv")
    intake = office.take(PPKS)
    assert (intake.received, intake.accepted, intake.duplicates) == (10, 5, 5)
    assert {r[0] for r in office.in_force(PPKS, "source_file")} == {"a.csv"}


def test_rows_equal_in_everything_but_the_counter_are_kept_once(office: Desk) -> None:
    office.deliver(PPKS, csv_text(PPKS, [row(PPKS, no=1), row(PPKS, no=2), row(PPKS, no=3, nama="LAIN")]))
    intake = office.take(PPKS)
    assert (intake.received, intake.accepted, intake.duplicates) == (3, 2, 1)
    assert office.in_force(PPKS, "source_row") == [(1,), (3,)]


def test_rows_that_share_a_key_are_all_kept_whatever_their_order(offices: Callable[[], Desk]) -> None:
    rows = [row(PKH, id_pkh="7", nama="SATU"), row(PKH, id_pkh="7", nama="DUA"), row(PKH, id_pkh="7", nama="SATU"), *pkh(3)]
    seen = []
    for order in (rows, rows[::-1]):
        office = offices()
        office.deliver(PKH, csv_text(PKH, order))
        intake = office.take(PKH)
        assert (intake.accepted, intake.duplicates, intake.deliveries[0].notes["kunci_ganda"]) == (5, 1, 2)
        seen.append(office.in_force(PKH, "record_id, nama"))
    assert seen[0] == seen[1] and len({record_id for record_id, _ in seen[0]}) == 5


def test_a_key_that_is_single_again_supersedes_the_rows_that_shared_it(office: Desk) -> None:
    office.deliver(PKH, csv_text(PKH, [row(PKH, id_pkh="7", nama="SATU"), row(PKH, id_pkh="7", nama="DUA"), *pkh(6)]), day=D1)
    office.deliver(PKH, csv_text(PKH, [row(PKH, id_pkh="7", nama="TIGA")]), day=D2)
    office.take(PKH)
    assert {r[0] for r in office.in_force(PKH, "nama") if r[0] != "BUDI"} == {"TIGA"}


def test_an_older_delivery_is_history_and_does_not_supersede(office: Desk) -> None:
    office.deliver(PKH, csv_text(PKH, pkh(5, nama="BARU")), day=D2)
    office.take(PKH)
    office.deliver(PKH, csv_text(PKH, pkh(5, nama="LAMA")), day=D1)
    assert [d.status for d in office.take(PKH).deliveries] == ["history", "unchanged"]
    assert {r[0] for r in office.in_force(PKH, "nama")} == {"BARU"}


def test_deliveries_after_the_as_of_date_are_neither_read_nor_in_force(office: Desk) -> None:
    for day, name in ((D1, "LAMA"), (D3, "BARU")):
        office.deliver(PKH, csv_text(PKH, pkh(5, nama=name)), day=day)
    assert office.take(PKH, dt.date(2026, 11, 12)).received == 5
    office.take(PKH)
    assert {r[0] for r in office.in_force(PKH, "nama")} == {"BARU"}
    office.take(PKH, dt.date(2026, 11, 12))
    assert {r[0] for r in office.in_force(PKH, "nama")} == {"LAMA"}


def test_a_delivery_replaced_in_its_folder_counts_as_its_newest_version(office: Desk) -> None:
    for name in ("SATU", "DUA", "SATU"):
        office.deliver(PKH, csv_text(PKH, [*pkh(30, nama=name), row(PKH, id_pkh="x", komponen="?")]), day=D1)
        assert office.take(PKH).deliveries[0].status == "accepted"
        assert {r[0] for r in office.in_force(PKH, "nama")} == {name}
        assert len(office.in_force(PKH)) == 30 and len(office.quarantine()) == 1
    assert office.all("SELECT status, count(*) FROM ledger.delivery GROUP BY ALL ORDER BY ALL") == [("accepted", 1), ("superseded", 2)]


def test_a_second_night_changes_nothing(office: Desk) -> None:
    office.deliver(PKH, csv_text(PKH, [*pkh(30), row(PKH, id_pkh="x", komponen="?")]))
    office.deliver(SAFE, "rusak", day=D1)
    everything = [
        "SELECT * FROM ledger.taken", "SELECT * FROM ledger.taken_file", "SELECT * FROM ledger.replaced",
        "SELECT * FROM quality.quarantine", "SELECT * FROM raw.kemensos__pkh", "SELECT * FROM raw.kemensos__pkh__in_force",
    ]  # fmt: skip
    nights = []
    for _ in range(3):
        refused = [*office.take(PKH).refused, *office.take(SAFE).refused]
        assert [r.rule for r in refused] == ["tanpa_kepala"]
        nights.append([sorted(office.all(sql)) for sql in everything])
    assert nights[0] == nights[1] == nights[2]


def test_a_refused_delivery_is_not_brought_up_again_once_a_later_one_was_taken(office: Desk) -> None:
    office.deliver(SAFE, "rusak", day=D1)
    assert len(office.take(SAFE).refused) == 1
    office.deliver(SAFE, csv_text(SAFE, [row(SAFE)]), day=D2)
    office.take(SAFE)
    assert [d.status for d in office.take(SAFE).deliveries] == ["left_refused", "unchanged"]
    assert office.take(SAFE).refused == ()


def test_an_unattended_run_waits_for_files_that_may_still_be_arriving(office: Desk) -> None:
    office.deliver(SAFE, csv_text(SAFE, [row(SAFE)]))
    assert [d.status for d in office.take(SAFE, only_settled=True).deliveries] == ["waiting"]
    intake = office.take(SAFE)
    assert intake.accepted == 1 and intake.deliveries[0].notes["tanpa_manifest"] == 1


def test_any_order_of_arrival_leaves_the_same_rows_in_force(offices: Callable[[], Desk]) -> None:
    deliveries = [
        (D1, csv_text(PKH, [*pkh(40), row(PKH, id_pkh="7", nama="SATU")])),
        (D2, csv_text(PKH, pkh(28, nama="DUA"))),
        ("2026-11-15", csv_text(PKH, [*pkh(40), row(PKH, id_pkh="7", nama="SATU")])),
        (D3, csv_text(PKH, pkh(39, nama="TIGA"))),
    ]
    seen = set()
    for order in list(permutations(deliveries))[::2]:
        office = offices()
        for day, text in order:
            office.deliver(PKH, text, day=day)
            office.take(PKH)
        in_force = tuple(office.in_force(PKH, "record_id, delivery_date, nama"))
        questions = tuple(office.all("SELECT * FROM ledger.withdrawal_question ORDER BY ALL"))
        seen.add((in_force, questions))
    assert len(seen) == 1


def test_any_order_of_arrival_is_the_same_for_a_feed_in_regency_parts(offices: Callable[[], Desk]) -> None:
    whole = regencies(6, rows=4)
    corrected = regencies(6, rows=4, name="BARU")
    deliveries = [(D1, whole), (D2, dict(list(corrected.items())[:4])), (D3, {c: r[:-1] for c, r in list(whole.items())[1:5]})]
    seen = set()
    for order in permutations(deliveries):
        office = offices()
        for day, parts in order:
            deliver_parts(office, parts, day)
            office.take(PPKS)
        seen.add(tuple(office.in_force(PPKS, "record_id, delivery_date, scope, nama")))
    assert len(seen) == 1


LINES = st.lists(
    st.one_of(
        st.builds(lambda k, n: csv_text(PKH, [row(PKH, id_pkh=k, nama=n)]).split("\n")[1], st.sampled_from("123"), st.sampled_from("AB")),
        st.text(alphabet='ab;"1\r\n \0\u2028', max_size=40),
        st.sampled_from(["Jumlah;3", "", ";;;;;;;;;;;;;;", csv_text(PKH, [row(PKH, nama='"X')]).split("\n")[1]]),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_rows_received_are_accepted_quarantined_or_duplicate_whatever_the_file_holds(office: Desk, lines: list[str]) -> None:
    contract = office.contracts[PKH]
    limits = replace(contract.feed.limits, quarantined=1.0, unreadable=1.0)
    office.contracts = {PKH: Contract(replace(contract.feed, limits=limits), contract.model)}
    good = csv_text(PKH, pkh(1)).encode()
    office.deliver(PKH, good + "\n".join(lines).encode("cp1252", "replace"))
    intake = office.take(PKH)
    day = intake.deliveries[0]
    if day.status == "refused" or not day.taken:
        return
    assert intake.received == intake.accepted + intake.quarantined + intake.duplicates
    own = "delivery_id = ?"
    assert office.all(f"SELECT count(*) FROM raw.kemensos__pkh WHERE {own}", day.delivery_id) == [(intake.accepted,)]
    assert len(office.quarantine()) == intake.quarantined
    rows = office.all(f"SELECT source_row FROM raw.kemensos__pkh WHERE {own}", day.delivery_id)
    numbers = sorted([r[0] for r in rows] + [n for n, _ in office.quarantine()])
    assert len(set(numbers)) == len(numbers) and set(numbers) <= set(range(1, intake.received + 1))


def test_a_workbook_feed_is_superseded_like_any_other(office: Desk) -> None:
    for day, name in ((D1, "LAMA"), (D2, "BARU")):
        rows = [cells(LKS, row(LKS, no=n, no_td=f"TD-{n}", nama_lks=name)) for n in range(1, 21)]
        office.deliver(LKS, workbook([header(LKS), *rows]), "lks.xlsx", day)
    office.take(LKS, NIGHT)
    assert {r[0] for r in office.in_force(LKS, "nama_lks")} == {"BARU"}
