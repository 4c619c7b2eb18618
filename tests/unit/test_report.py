from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import duckdb
import pytest
from served_marts import PLANTED, RUN, make_home

from padan.config import Disclosure, Waiver
from padan.home import Home
from padan.night import Night
from padan.quality import catalogue, record_check, write_rules
from padan.quality.waivers import write_waivers
from padan.report import matching, render
from padan.serving import publish

REPO = Path(__file__).parents[2]
AS_OF = dt.date(2026, 11, 24)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = make_home(tmp_path / "home")
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            """
            CREATE TABLE ledger.delivery AS SELECT * FROM (VALUES
                ('kemensos', 'pkh', DATE '2026-11-24', 'pkh.csv', 'accepted', 2600, 2580, 15, 5, NULL, 'run-0001'),
                ('kpai', 'pengaduan', DATE '2026-11-24', 'a.xlsx', 'refused', 0, 0, 0, 0, 'kolom wajib tidak ada: Klaster', 'run-0001')
            ) v (agency, feed, delivery_date, file, status, rows_received, rows_accepted, rows_quarantined, rows_duplicate, reason, run_id)
            """
        )
        con.execute(
            """
            CREATE TABLE quality.quarantine AS SELECT 'kemensos' AS agency, 'pkh' AS feed, 'kode_tidak_dikenal' AS rule, ? AS message,
                '{"NAMA": "' || ? || '"}' AS raw FROM range(15)
            """,
            [PLANTED[0], PLANTED[0]],
        )
        con.execute(
            """
            CREATE TABLE link.decision AS SELECT 'kemensos' AS agency, 'pkh' AS feed, ? AS nama,
                CASE WHEN range < 2400 THEN 'link' WHEN range < 2500 THEN 'review' ELSE 'no_link' END AS decision,
                CASE WHEN range < 1000 THEN 'nik' ELSE 'probabilistic' END AS method, range % 50 - 10.0 AS match_weight,
                'bukti_lemah' AS reason, 'Lengkapi NIK.' AS next_action, 'r' || range AS record_id FROM range(2580)
            """,
            [PLANTED[0]],
        )
        write_rules(con, catalogue().values())
        write_waivers(con, RUN, AS_OF, [])
    return home


def page(home: Home, *, published: bool) -> str:
    night = Night(home=home, project=REPO, landing=home.root, as_of=AS_OF, run_id=RUN)
    with duckdb.connect(str(home.warehouse)) as con:
        if published:
            publish(con, home, night.config, run_id=RUN, as_of=AS_OF, versions={"dtsen_versi": "2026-10-01"})
        path = render(con, night)
    assert path == home.reports / "2026-11-24" / "index.html"
    return path.read_text()


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html.split("<body>")[1]))


def test_a_published_night_says_so_with_its_counts(home: Home) -> None:
    text = text_of(page(home, published=True))
    assert "TERBIT" in text
    assert "DITAHAN" not in text
    assert "kemensos/pkh 2026-11-24 diterima 1 2.600 2.580 15 5" in text
    assert "kemensos/pkh 2.580 2.400 100 80 93,0%" in text
    assert "kode_tidak_dikenal 15" in text


def test_a_refused_delivery_is_named_with_its_reason(home: Home) -> None:
    assert "kpai/pengaduan 2026-11-24 DITOLAK 1 0 0 0 0 kolom wajib tidak ada: Klaster" in text_of(page(home, published=True))


def test_a_held_night_says_by_which_gate_and_what_still_holds(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        record_check(con, RUN, "satu_keputusan_tiap_catatan", "link.decision", "uniqueness", "error", 4, 2580, 0.0015, False)
    text = text_of(page(home, published=False))
    assert "DITAHAN" in text
    assert "Belum ada terbitan yang berlaku" in text
    assert "satu_keputusan_tiap_catatan pada link.decision (4 dari 2580)" in text


def test_indicators_of_the_nation_are_told_with_small_cells_hidden(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("DELETE FROM marts.indicator WHERE tingkat <> 'nasional'")
        con.execute("UPDATE marts.indicator SET numerator = 4 WHERE indicator_code = 'I03'")
    text = text_of(page(home, published=True))
    assert re.search(r"I03 Anak kasus .* ditutup \(sel kecil\)", text)
    assert "I06 LKS" in text
    assert "1 2 0,50" in text, "institutions are not small cells"


def test_the_flow_names_what_is_left_over(home: Home) -> None:
    """2.600 delivered, 2.580 accepted and answered: nothing is unaccounted for until a record is lost."""
    assert re.search(r"kemensos/pkh 2\.600 15 5 0 2\.580 0 2\.580 1\.000 1\.400 0 100 80 2\.580", text_of(page(home, published=True)))
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("""CREATE TABLE intermediate.int_person__standardized AS SELECT agency, feed, record_id, 'valid' AS nik_status,
            'L' AS jenis_kelamin, DATE '2015-01-01' AS tanggal_lahir, DATE '2026-11-01' AS tanggal_acuan, '32.73' AS kode_kabupaten
            FROM link.decision""")
    assert re.search(r"kemensos/pkh 2\.600 15 5 0 2\.580 2\.580 2\.580 1\.000 1\.400 0 100 80 0 ", text_of(page(home, published=True)))


def test_a_rule_is_shown_with_its_denominator_owner_and_past(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "CREATE OR REPLACE TABLE ledger.night AS SELECT * FROM (VALUES ('r1', DATE '2026-11-22'), (?, ?)) n (run_id, as_of)",
            [RUN, AS_OF],
        )
        con.execute("ALTER TABLE ledger.night ADD COLUMN started_at TIMESTAMP DEFAULT now()::TIMESTAMP")
        for run, broken in (("r1", 0), (RUN, 3)):
            record_check(con, run, "karantina_kecil", "raw.kemensos__pkh", "validity", "warn", broken, 100, broken / 100, not broken)
    html = page(home, published=True)
    assert "2 malam, dari 0 sampai 0,03" in html
    assert "gagal 1 dari 2 malam" in text_of(html)
    assert "team:kemensos-pkh; pandera 3 100 GAGAL" in text_of(html)


def test_a_waiver_is_shown_and_its_rule_no_longer_holds(home: Home) -> None:
    waiver = Waiver(
        rule_id="keputusan_kunci",
        reason="Dua baris ganda yang diketahui, surat 3/2026",
        approver="Kepala Pusdatin",
        granted=AS_OF,
        expires=AS_OF,
    )
    with duckdb.connect(str(home.warehouse)) as con:
        record_check(con, RUN, "keputusan_kunci", "link.decision", "uniqueness", "error", 4, 2580, 0.0015, False)
        write_waivers(con, RUN, AS_OF, [waiver])
    text = text_of(page(home, published=True))
    assert "Pengecualian" in text
    assert "Kepala Pusdatin" in text
    assert "4 2.580 gagal, dikecualikan" in text


def test_deliveries_are_held_against_their_due_dates(home: Home) -> None:
    text = text_of(page(home, published=True))
    assert re.search(r"kemensos/pkh Komponen PKH 2026-11-24 0 92 14 2027-02-24 tepat waktu", text)
    assert "BELUM PERNAH" in text


def test_no_person_is_in_the_report(home: Home) -> None:
    html = page(home, published=True)
    for value in PLANTED:
        assert value not in html


def test_the_page_asks_for_nothing_off_the_machine(home: Home) -> None:
    html = page(home, published=True)
    assert not re.findall(r"""src\s*=|href\s*=\s*"(?!#)|url\(|@import|<script|https?://""", html)
    assert "default-src 'none'" in html


def test_a_reason_with_markup_is_text(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("UPDATE ledger.delivery SET reason = '<script>alert(1)</script>' WHERE feed = 'pengaduan'")
    assert "<script>" not in page(home, published=True)


def test_a_night_that_died_early_still_has_a_report(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").prepare()
    text = text_of(page(home, published=False))
    assert "DITAHAN" in text
    assert "berhenti sebelum selesai" in text
    assert "Belum ada pemeriksaan" in text


def test_a_pair_of_feeds_with_one_small_count_tells_none_of_the_three() -> None:
    con = duckdb.connect()
    con.execute("CREATE SCHEMA marts")
    con.execute(
        """CREATE TABLE marts.padanan AS SELECT * FROM (VALUES
        ('kemensos', 'pkh', 'kemensos', 'ppks', 'nasional', 5, 60, 70), ('kemensos', 'pkh', 'kpai', 'pengaduan', 'nasional', 9, 60, 70),
        ('kemensos', 'pkh', 'kpai', 'pengaduan', 'provinsi', 50, 60, 70), ('kemensos', 'yapi', 'kpai', 'pengaduan', 'nasional', 10, 60, 0))
        t (agency_kiri, feed_kiri, agency_kanan, feed_kanan, tingkat, keduanya, hanya_kiri, hanya_kanan)"""
    )
    assert matching.pairs(con, Disclosure()) == [
        ("kemensos/pkh", "kemensos/ppks", 5, 60, 70),
        ("kemensos/pkh", "kpai/pengaduan", None, None, None),
        ("kemensos/yapi", "kpai/pengaduan", None, None, None),
    ]


@pytest.mark.parametrize(("compared", "differing", "told"), [(100, 10, True), (100, 9, False), (100, 0, False), (100, 91, False)])
def test_disagreements_are_told_where_neither_side_is_small(compared: int, differing: int, told: bool) -> None:
    con = duckdb.connect()
    con.execute("CREATE SCHEMA marts")
    con.execute(
        f"""CREATE TABLE marts.selisih AS SELECT 'kemensos' AS agency_kiri, 'atensi' AS feed_kiri, 'kpai' AS agency_kanan,
        'pengaduan' AS feed_kanan, 'status' AS kolom, 'nasional' AS tingkat, {compared} AS dibandingkan, {differing} AS berbeda"""
    )
    assert matching.unlike(con, Disclosure()) == [
        ("kemensos/atensi", "kpai/pengaduan", "status", compared if told else None, differing if told else None)
    ]
