"""`padan erase | rectify | retain | breach`: what the person in a record may ask, and what the law asks of us."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from padan.errors import ConfigError, InputRefused
from padan.home import Home
from pipelines.options import DEFAULT_HOME, DateOption, HomeOption, as_of_date, vault

ApproverOption = Annotated[list[str] | None, typer.Option("--approver", help="penyetuju; tulis dua kali, dua orang yang berbeda")]
DocumentOption = Annotated[str | None, typer.Option("--document", help="nomor surat atau putusan, tanpa NIK atau nama anak")]
LandingOption = Annotated[Path | None, typer.Option("--landing", envvar="PADAN_LANDING", help="folder kiriman; bawaan: landing/ di home")]


def erase(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="record_id; semua baris orang itu ikut")],
    basis: Annotated[str, typer.Option("--basis", help="permintaan | melawan-hukum | putusan")],
    asked_by: Annotated[str, typer.Option("--asked-by", help="subject (orangnya, sudah dewasa) | parent | court | other")],
    document: DocumentOption = None,
    approver: ApproverOption = None,
    without: Annotated[list[str] | None, typer.Option("--without", help="record_id yang tidak ikut, misalnya salah dipadankan")] = None,
    landing: LandingOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Hapus baris seseorang dari gudang, arsip, dan daftar; tanpa --approver hanya menunjukkan apa yang akan dihapus."""
    from padan.ledger.access import checked_reason
    from padan.rights.erase import Decision
    from padan.rights.erase import erase as erase_rows
    from padan.rights.refusals import ASKERS, BASES, checked_approvers, require_allowed
    from padan.rights.rewrite import finish_rewrite
    from padan.rights.subject import subject_of

    if basis not in BASES or asked_by not in ASKERS:
        raise ConfigError("--basis atau --asked-by tak dikenal.", todo=f"--basis: {', '.join(BASES)}; --asked-by: {', '.join(ASKERS)}.")
    with vault(home) as (place, con):
        subject = subject_of(con, record, tuple(without or ()))
        require_allowed(con, subject, asked_by)
        for (agency, feed), records in sorted(subject.records.items()):
            typer.echo(f"{agency}/{feed}: {len(records)} catatan: {', '.join(records)}")
        if not approver:
            typer.echo(
                "Pratinjau: tidak ada yang dihapus. Menghapus: --document … --approver A --approver B (salah padan: --without RECORD)."
            )
            return
        decision = Decision("erasure", BASES[basis], checked_reason(document, "--document"), checked_approvers(tuple(approver)))
        made = erase_rows(con, place, subject, decision, landing=(landing or place.root / "landing").resolve())
    finish_rewrite(place.warehouse)
    typer.echo(f"Sertifikat {made.certificate}: {sum(made.rows.values())} baris di {len(made.rows)} tabel, {len(made.files)} berkas.")
    for left in made.left:
        typer.echo(f"Masih memuatnya, untuk dihapus pemiliknya: {left}")
    typer.echo("Terbitan yang berlaku diganti oleh malam berikutnya: padan run.")


def erase_again(
    certificates: Annotated[list[Path], typer.Argument(metavar="CERTIFICATE…", help="berkas dari review/sertifikat")],
    landing: LandingOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Ulangi penghapusan menurut sertifikatnya, di rumah yang dipulihkan dari cadangan sebelum penghapusan itu."""
    from padan.rights.erase import erase as erase_rows
    from padan.rights.erase import read_certificate
    from padan.rights.rewrite import finish_rewrite

    decided = [read_certificate(path) for path in certificates]
    with vault(home) as (place, con):
        for subject, decision in decided:
            made = erase_rows(con, place, subject, decision, landing=(landing or place.root / "landing").resolve())
            typer.echo(f"Sertifikat {made.certificate}: {sum(made.rows.values())} baris, {len(made.files)} berkas.")
    finish_rewrite(place.warehouse)


def rectify(
    record: Annotated[str, typer.Argument(metavar="RECORD")],
    by: Annotated[str, typer.Option("--by", help="siapa yang memutus")],
    reason: Annotated[str | None, typer.Option("--reason", help="dasar keputusan, tanpa nilai")] = None,
    not_this_person: Annotated[bool, typer.Option("--not-this-person", help="padanannya salah: bukan orang DTSEN itu")] = False,
    field: Annotated[
        str | None, typer.Option("--field", help="kolom yang salah; nilai yang benar ditanyakan, tidak ditulis di sini")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Catat keberatan: padanan yang salah, atau nilai yang salah; berlaku mulai malam berikutnya."""
    from padan.ledger.access import checked_reason, record_access
    from padan.rights.rectify import correct, told_on
    from padan.rights.rectify import not_this_person as rule_out

    if not_this_person == (field is not None):
        raise ConfigError("pilih satu: --not-this-person atau --field.", todo="padan rectify --help")
    why = checked_reason(reason)
    value = typer.prompt("Nilai yang benar (tidak ditampilkan)", hide_input=True) if field else ""
    with vault(home) as (_, con):
        number = correct(con, record, field, value, by=by, reason=why) if field else rule_out(con, record, by=by, reason=why)
        record_access(con, record, None, f"{number}: {why}")
        told = told_on(con, record)
    typer.echo(f"{number} dicatat; berlaku mulai malam berikutnya, dan daftar berikutnya menariknya bila padanannya berubah.")
    for place in told:
        typer.echo(f"Sudah dikirim, tarik lewat telepon: {place}")


def retain(
    date: DateOption = None,
    document: DocumentOption = None,
    approver: ApproverOption = None,
    landing: LandingOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Hapus yang masa simpannya lewat menurut kontraknya; tanpa --approver hanya menunjukkan hitungannya."""
    from padan.ledger.access import checked_reason
    from padan.rights.erase import Decision
    from padan.rights.erase import erase as erase_rows
    from padan.rights.refusals import checked_approvers
    from padan.rights.retain import as_subject, overdue
    from padan.rights.rewrite import finish_rewrite

    with vault(home) as (place, con):
        items = overdue(con, as_of_date(date))
        for item in items:
            typer.echo(f"{item.agency}/{item.feed}: {len(item.records)} catatan, dikirim terakhir sebelum {item.before}")
        if not items:
            typer.echo("Tidak ada yang melewati masa simpannya.")
            return
        if not approver:
            typer.echo("Pratinjau: tidak ada yang dihapus. Menghapus: --document … --approver A --approver B.")
            return
        basis = "masa simpan menurut kontrak kiriman (UU 27/2022 pasal 44)"
        decision = Decision("retention", basis, checked_reason(document, "--document"), checked_approvers(tuple(approver)))
        made = erase_rows(con, place, as_subject(items), decision, landing=(landing or place.root / "landing").resolve())
    finish_rewrite(place.warehouse)
    typer.echo(f"Sertifikat {made.certificate}: {sum(made.rows.values())} baris, {len(made.files)} berkas.")
    for left in made.left:
        typer.echo(f"Masih memuatnya, untuk dihapus pemiliknya: {left}")


def breach(
    since: Annotated[str, typer.Option("--since", help="awal waktu yang dipersoalkan, YYYY-MM-DD atau YYYY-MM-DDTHH:MM (UTC)")],
    until: Annotated[str | None, typer.Option("--until", help="akhirnya; bawaan: sekarang")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Kumpulkan bahan pemberitahuan 3 x 24 jam: siapa melihat catatan apa dan kapan, apa yang disimpan, diterbitkan, dan dikirim."""
    from padan.rights.breach import describe_breach, write_breach

    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    try:
        first, last = dt.datetime.fromisoformat(since), dt.datetime.fromisoformat(until) if until else now
    except ValueError:
        raise InputRefused("waktu_tak_terbaca", "--since atau --until bukan waktu.", todo="Contoh: --since 2026-11-24T08:00.") from None
    with vault(home) as (place, con):
        found = describe_breach(con, place, first, last, now)
    path = write_breach(Home(home.resolve()), found)
    people, held = len({one.who for one in found.seen}), sum(one.persons for one in found.held)
    typer.echo(f"{len(found.seen)} pembukaan nilai oleh {people} akun; {held} orang dalam {len(found.held)} sumber.")
    typer.echo(f"{len(found.published)} terbitan, {len(found.returned)} berkas kembali dalam waktu itu.")
    typer.echo(f"Pemberitahuan tertulis paling lambat {found.notify_before} UTC. Bahannya: {path}")


COMMANDS = (erase, erase_again, rectify, retain, breach)
