"""What the person in a record may ask, on copies of one whole night: erased everywhere, kept out for ever, corrected, purged, told."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from nights import AS_OF, RanNight, padan

from padan.config import PadanConfig
from padan.home import Home
from padan.intake.feed import take_feed
from padan.intake.outcome import IntakeContext
from padan.intake.tables import prepare
from padan.keys import load_key
from padan.linkage.digest import decision_digest
from padan.rights.retain import overdue
from schemas.extracts import contracts

BY = ["--document", "surat 12/2026 dinas", "--approver", "Kepala Satu", "--approver", "Kepala Dua"]
MANY = """
SELECT d.person_id, min(d.record_id), min(s.nik) FROM link.decision d JOIN intermediate.int_person__standardized s USING (record_id)
WHERE d.decision = 'link' AND s.nik IS NOT NULL AND d.agency = 'kemensos' AND d.person_id NOT IN (SELECT person_id FROM marts.kasus)
GROUP BY 1 HAVING count(*) >= 3 AND count(DISTINCT s.nik) = 1 ORDER BY 1 LIMIT 1"""
CASE = """
SELECT k.record_id FROM marts.kasus k JOIN staging.stg_kpai__pengaduan s USING (record_id)
WHERE k.status {status} AND s.hubungan_pelaku = '{near}'
    AND (SELECT count(*) FROM raw.kpai__pengaduan r WHERE r.no_pengaduan = k.nomor) = 1
    AND NOT EXISTS (SELECT 1 FROM marts.kasus o WHERE o.person_id = k.person_id AND o.record_id <> k.record_id) ORDER BY 1 LIMIT 1"""


@pytest.fixture
def home(small_night: RanNight, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(small_night.home, tmp_path / "home", symlinks=True)))


def ask(home: Home, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        return con.execute(query).fetchall()


def erase(home: Home, record: str, landing: Path, *more: str, asked_by: str = "subject") -> tuple[int, str]:
    done = padan("erase", record, "--basis", "permintaan", "--asked-by", asked_by, "--landing", landing, "--home", home.root, *more)
    return done.returncode, done.stdout + done.stderr


def tables_with(home: Home, value: str) -> list[str]:
    """Tables with a cell that contains the value, whatever its type."""
    found = []
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        for schema, table in con.execute("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall():
            if con.execute(f'SELECT 1 FROM {schema}."{table}" t WHERE contains(t::VARCHAR, ?) LIMIT 1', [value]).fetchone():
                found.append(f"{schema}.{table}")
    return found


def files_with(root: Path, value: str) -> list[str]:
    return sorted(
        str(p.relative_to(root)) for p in root.rglob("*") if p.is_file() and not p.is_symlink() and value.encode() in p.read_bytes()
    )


def take(home: Home, landing: Path, feed: str) -> Iterator[int]:
    with duckdb.connect(str(home.warehouse)) as con:
        prepare(con, AS_OF)
        context = IntakeContext(con, home, PadanConfig(), landing, AS_OF, "ulang", load_key(home.keys, "record"))
        yield take_feed(context, contracts()[feed]).quarantined
        again = "SELECT count(*) FROM quality.quarantine WHERE rule = 'dihapus_atas_permintaan' AND status = 'erased' AND feed = ?"
        yield con.execute(again, [feed.split("/")[1]]).fetchall()[0][0]


def test_a_person_is_erased_everywhere_and_a_later_delivery_brings_nothing_back(home: Home, small_night: RanNight, tmp_path: Path) -> None:
    ((person, record, nik),) = ask(home, MANY)
    code, said = erase(home, str(record), small_night.landing)
    assert code == 0 and "Pratinjau" in said and tables_with(home, str(nik)), said
    (home.answers / "terhenti.duckdb").write_text("jawaban pemadanan yang terhenti")
    code, said = erase(home, str(record), small_night.landing, *BY)
    assert code == 0, said
    assert not list(home.answers.iterdir())
    assert tables_with(home, str(nik)) == [] and tables_with(home, str(person)) == []
    held = files_with(home.root, str(nik))
    assert all(path.startswith("register/") for path in held), "only the release of another controller holds it"
    (certificate,) = (home.review / "sertifikat").iterdir()
    told = json.loads(certificate.read_text())
    assert str(nik) not in certificate.read_text() and len(told["approvers"]) == 2 and told["left"]
    assert all(not (home.root / name).exists() for name in told["files"])
    feeds = {name.split("/")[1] + "/" + name.split("/")[2] for name in told["left"]}
    for feed in feeds:
        put_again(small_night.landing, tmp_path / "landing", feed)
        assert list(take(home, tmp_path / "landing", feed))[1] >= 1, "the row came again, and was counted"
    assert tables_with(home, str(nik)) == [], "and was kept out"


def put_again(landing: Path, target: Path, feed: str) -> Path:
    """The feed's first delivery once more, with other bytes and the same rows."""
    folder = Path(shutil.copytree(min((landing / feed).iterdir()), target / feed / AS_OF.isoformat()))
    (folder / "MANIFEST.sha256").unlink(missing_ok=True)
    for path in folder.iterdir():
        if path.suffix == ".csv":
            path.write_bytes(path.read_bytes() + b"\n")
        else:
            change_status(path, "", None)
    return folder


def test_a_home_restored_from_before_an_erasure_is_made_to_forget_again(home: Home, small_night: RanNight, tmp_path: Path) -> None:
    ((_, record, nik),) = ask(home, MANY)
    assert padan("backup", tmp_path / "cadangan", "--keys", tmp_path / "brankas", "--home", home.root).returncode == 0
    code, said = erase(home, str(record), small_night.landing, *BY)
    assert code == 0 and "cadangan" in said, "the certificate names the backup that still holds the rows"
    (certificate,) = (home.review / "sertifikat").iterdir()
    (copy,), (keys,) = (tmp_path / "cadangan").iterdir(), (tmp_path / "brankas").iterdir()
    again = Home(tmp_path / "pulih")
    assert padan("restore", copy, "--keys", keys, "--home", again.root).returncode == 0
    assert tables_with(again, str(nik))
    done = padan("erase-again", certificate, "--landing", small_night.landing, "--home", again.root)
    assert done.returncode == 0, done.stderr
    assert tables_with(again, str(nik)) == []
    assert padan("erase-again", copy / "MANIFEST.sha256", "--home", again.root).returncode == 2


def test_an_erased_complaint_stays_out_as_it_was_and_a_complaint_that_says_more_comes_in(
    home: Home, small_night: RanNight, tmp_path: Path
) -> None:
    ((record,),) = ask(home, CASE.format(status="= 'TERMINASI'", near="TEMAN"))
    ((number,),) = ask(home, f"SELECT no_pengaduan FROM raw.kpai__pengaduan WHERE record_id = '{record}'")
    code, said = erase(home, str(record), small_night.landing, *BY)
    assert code == 0, said
    with duckdb.connect(str(home.warehouse)) as con:
        assert con.execute("SELECT count(*) FROM ledger.tombstone WHERE kind = 'content' AND feed = 'pengaduan'").fetchall()[0][0] >= 1
    feed = "kpai/pengaduan"
    landing = tmp_path / "landing"
    (book,) = put_again(small_night.landing, landing, feed).iterdir()
    assert list(take(home, landing, feed))[1] >= 1 and ask(home, f"SELECT 1 FROM raw.kpai__pengaduan WHERE no_pengaduan = '{number}'") == []
    change_status(book, str(number), "PROSES")
    list(take(home, landing, feed))
    assert ask(home, f"SELECT DISTINCT status FROM raw.kpai__pengaduan WHERE no_pengaduan = '{number}'") == [("PROSES",)]


def change_status(book: Path, number: str, status: str | None) -> None:
    """Write the workbook anew, with another status of one complaint; new bytes in either case."""
    import openpyxl

    opened = openpyxl.load_workbook(book)
    for sheet in opened.worksheets:
        heads: dict[str, int] = {}
        for row in sheet.iter_rows():
            heads = heads or ({str(c.value): c.column for c in row} if any(c.value == "No Pengaduan" for c in row) else {})
            if heads and status and str(sheet.cell(row[0].row, heads["No Pengaduan"]).value) == number:
                sheet.cell(row[0].row, heads["Status"]).value = status
    opened.save(book)


def test_an_open_case_a_possible_perpetrator_and_one_approver_twice_are_refused(home: Home, small_night: RanNight) -> None:
    ((running,),) = ask(home, CASE.format(status="<> 'TERMINASI'", near="TEMAN"))
    ((by_father,),) = ask(home, CASE.format(status="= 'TERMINASI'", near="AYAH"))
    ((_, record, nik),) = ask(home, MANY)
    code, said = erase(home, str(running), small_night.landing, *BY)
    assert code == 3 and "belum ditutup" in said
    code, said = erase(home, str(by_father), small_night.landing, *BY, asked_by="parent")
    assert code == 3 and "terduga pelaku" in said
    code, said = erase(home, str(record), small_night.landing, *BY[:-1], "kepala  satu")
    assert code == 2 and "dua penyetuju" in said
    code, said = erase(home, str(record), small_night.landing, "--document", f"anak {nik} dihapus", *BY[2:])
    assert code == 2 and str(nik) not in said
    assert tables_with(home, str(nik)), "nothing was erased"


def test_what_a_contract_lets_us_keep_no_longer_is_found_and_purged(home: Home, small_night: RanNight) -> None:
    later = AS_OF.replace(year=AS_OF.year + 3)
    with duckdb.connect(str(home.warehouse)) as con:
        prepare(con, AS_OF)
        found = {f"{item.agency}/{item.feed}": len(item.records) for item in overdue(con, later)}
        assert overdue(con, AS_OF) == []
    assert set(found) == {"ditjenpas/abh"} and found["ditjenpas/abh"] > 10, "two years after a child's case was delivered last"
    done = padan("retain", "--date", later.isoformat(), *BY, "--landing", small_night.landing, "--home", home.root)
    assert done.returncode == 0, done.stderr
    assert ask(home, "SELECT count(*) FROM raw.ditjenpas__abh") == [(0,)]
    assert ask(home, "SELECT count(*) FROM marts.kasus WHERE agency = 'ditjenpas'") == [(0,)]
    assert ask(home, "SELECT kind FROM ledger.erasure") == [("retention",)]
    assert ask(home, "SELECT DISTINCT kind FROM ledger.tombstone") == [("content",)], "only a case is kept out that was kept long enough"


def test_a_breach_is_described_from_the_access_log_without_a_value(home: Home) -> None:
    ((_, record, nik),) = ask(home, MANY)
    assert padan("why", str(record), "--reveal", "--reason", "surat tugas 7/2026", "--home", home.root).returncode == 0
    done = padan("breach", "--since", "2020-01-01", "--home", home.root)
    assert done.returncode == 0, done.stderr
    (path,) = (home.review / "pelanggaran").iterdir()
    told = json.loads(path.read_text())
    assert [one["record_id"] for one in told["seen"]] == [record] and str(nik) not in path.read_text()
    assert {one["feed"] for one in told["held"]} >= {"kpai/pengaduan", "kemensos/pkh"}
    assert all(one["persons"] > 0 for one in told["held"] if one["feed"] == "kpai/pengaduan") and told["published"]
    known = dt.datetime.fromisoformat(told["known_at"])
    assert dt.datetime.fromisoformat(told["notify_before"]) - known == dt.timedelta(hours=72)


def test_a_new_record_key_renames_every_record_and_changes_no_decision(home: Home) -> None:
    joins = (
        "SELECT count(*) FROM link.decision JOIN intermediate.int_person__standardized USING (record_id)",
        "SELECT count(*) FROM raw.kemensos__pkh JOIN staging.stg_kemensos__pkh USING (record_id)",
        "SELECT count(*) FROM marts.bantuan JOIN link.decision USING (record_id)",
        "SELECT count(*) FROM returns.listed JOIN link.decision USING (record_id)",
    )
    before = [ask(home, query) for query in joins]
    old = {row[0] for row in ask(home, "SELECT record_id FROM link.decision")}
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        digest = decision_digest(con)
    (home.answers / "terhenti.duckdb").write_text("jawaban pemadanan yang terhenti")
    done = padan("keys", "rotate", "record.key", "--reason", "latihan pemutaran kunci", "--home", home.root)
    assert done.returncode == 0, done.stderr
    assert not list(home.answers.glob("*")), "they name records by their old ids"
    assert [ask(home, query) for query in joins] == before
    assert not old & {row[0] for row in ask(home, "SELECT record_id FROM link.decision")}
    with duckdb.connect(str(home.warehouse)) as con:
        assert decision_digest(con) == digest
        prepare(con, AS_OF)
        rows = con.execute("SELECT * FROM raw.kemensos__pkh ORDER BY record_id LIMIT 200").pl()
        from padan.intake.identity import identity_columns, record_ids

        contract = contracts()["kemensos/pkh"]
        again = record_ids(load_key(home.keys, "record"), contract, rows, identity_columns(contract))
        known = {row[0] for row in con.execute("SELECT key_id FROM ledger.shared_key").fetchall()}
        assert all(new in known or new == had for new, had in zip(again, rows["record_id"], strict=True)), (
            "the next delivery finds its rows"
        )
    assert (home.keys / "record.key").stat().st_mode & 0o077 == 0


def test_a_change_of_key_that_was_killed_after_its_ids_were_written_is_finished_by_the_next_command(home: Home) -> None:
    from padan.operations.keys import rotate

    path = home.keys / "record.key"
    old = path.read_text()
    with duckdb.connect(str(home.warehouse)) as con:
        from padan.ledger import create_tables

        create_tables(con)
        rotate(con, home, "record.key")
    new = path.read_text()
    path.with_name("record.key.new").write_text(new)
    path.write_text(old)  # as it stands between the ids and the key
    assert padan("review", "list", "--home", home.root).returncode == 0
    assert path.read_text() == new and not path.with_name("record.key.new").exists()
    path.with_name("record.key.new").write_text(new + "00" * 32)  # as it stands before the ids
    assert padan("review", "list", "--home", home.root).returncode == 0
    assert path.read_text() == new and not path.with_name("record.key.new").exists()


def test_bytes_that_an_erasure_was_killed_over_go_with_the_next_command(home: Home) -> None:
    from padan.rights.rewrite import owe_rewrite

    mark = "TERTINGGALDIBERKAS" * 40
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("CREATE TABLE review.bekas AS SELECT ? || i AS isi FROM range(3) t(i)", [mark])
        con.execute("CHECKPOINT")
        owe_rewrite(home.warehouse)
        con.execute("DROP TABLE review.bekas")
    assert padan("review", "list", "--home", home.root).returncode == 0
    assert mark.encode() not in home.warehouse.read_bytes()
    assert not list(home.warehouse.parent.glob(".*.owed"))


def test_an_objection_to_a_match_is_a_ruling_and_one_to_a_value_stands_until_the_agency_changes_it(home: Home) -> None:
    ((_, record, _),) = ask(home, MANY)
    done = padan("rectify", str(record), "--not-this-person", "--by", "Petugas", "--reason", "keberatan 3/2026", "--home", home.root)
    assert done.returncode == 0, done.stderr
    assert ask(home, f"SELECT ruling, decided_by FROM review.ruling WHERE record_id = '{record}'") == [("different", "Petugas")]
    assert ask(home, "SELECT count(*) FROM ledger.access") == [(1,)]
    from padan.rights.rectify import correct

    with duckdb.connect(str(home.warehouse)) as con:
        prepare(con, AS_OF)
        (feed,) = con.execute("SELECT agency || '__' || feed FROM link.decision WHERE record_id = ?", [record]).fetchone()
        correct(con, str(record), "nama", "NAMA YANG BENAR", by="Petugas", reason="akta kelahiran")
        prepare(con, AS_OF)
        name = f"SELECT nama FROM raw.{feed}__in_force WHERE record_id = '{record}'"
        assert con.execute(name).fetchall() == [("NAMA YANG BENAR",)]
        assert con.execute(name.replace("__in_force", "")).fetchall() != [("NAMA YANG BENAR",)], "what was delivered is kept"
        con.execute(f"UPDATE raw.{feed} SET nama = 'KIRIMAN BARU' WHERE record_id = '{record}'")
        assert con.execute(name).fetchall() == [("KIRIMAN BARU",)]
