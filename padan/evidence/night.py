"""A night's evidence from report to signed chain; and the signing of what the night itself could not sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from padan.config import Evidence
from padan.errors import ConfigError
from padan.evidence.chain import append, kept_lines, packs_of, read_signatures, write_signatures
from padan.evidence.form import CHAIN, EARLIER, PACK, STOPPED, canonical, file_sha256, is_pack, sha256
from padan.evidence.pack import night_manifest, night_tables, write_zip
from padan.evidence.signing import private_key, publish_key, sign
from padan.home import Home
from padan.night import Night


@dataclass(frozen=True)
class Sealed:
    """What became of a night's evidence. `witnessed`: the head lies with the witness too; None where none is configured."""

    pack: Path
    entry: str
    signed: bool
    witnessed: bool | None


def seal_night(con: duckdb.DuckDBPyConnection, night: Night, verdict: str, failing: list[str]) -> Sealed:
    """Pack the night's folder, add it to the chain, sign the head and hand it to the witness.

    Args:
        con: the warehouse, open for writing; the night's report lies in its folder already.
        night: the run that ended.
        verdict: terbit, ditahan or gagal.
        failing: the gates that held it, as text.

    Raises:
        Defect: the chain beside the reports was changed.
    """
    reports = night.home.reports
    for leftover in reports.glob(".*"):  # of a night that was killed while it wrote
        leftover.unlink()
    _seal_orphans(con, reports, night.as_of)
    manifest = night_manifest(con, night, verdict, failing)
    decisions = sha256(canonical(manifest["decisions"]))
    entry = _seal(con, reports, night.as_of, night.run_id, verdict, decisions, manifest, night_tables(con, night.run_id))
    head = _sign(kept_lines(con), night.home, night.config.evidence)
    return Sealed(
        pack=reports / str(night.as_of) / PACK,
        entry=entry,
        signed=head is not None,
        witnessed=_hand_over(head, night.config.evidence),
    )


def sign_open(home: Home, settings: Evidence) -> int:
    """Sign every entry of the chain beside the reports that has no signature yet; returns how many.

    For the account that holds the key when the night's own does not.

    Raises:
        ConfigError: the key cannot be read by this account, or there is no chain yet.
    """
    path = home.reports / CHAIN
    lines = path.read_text().splitlines() if path.exists() else []
    before = len(read_signatures(home.reports))
    head = _sign(lines, home, settings)
    if head is None:
        raise ConfigError(
            "tidak ada yang dapat ditandatangani: rantai bukti belum ada, atau kunci tidak terbaca oleh akun ini.",
            todo="Jalankan dengan akun pemegang kunci; periksa [evidence] signing_key.",
        )
    _hand_over(head, settings)
    return len(lines) - before


def _seal(
    con: duckdb.DuckDBPyConnection,
    reports: Path,
    as_of: dt.date,
    run_id: str,
    verdict: str,
    decisions: str,
    manifest: Mapping[str, object],
    tables: Mapping[str, bytes],
) -> str:
    folder = reports / str(as_of)
    folder.mkdir(parents=True, exist_ok=True)
    _set_aside(folder, packs_of(con, as_of))
    fresh = reports / f".{PACK}"
    pack = write_zip(fresh, manifest, folder, tables)
    fresh.replace(folder / PACK)
    return append(con, reports, {"as_of": str(as_of), "run_id": run_id, "verdict": verdict, "decisions": decisions, "pack": pack})


def _set_aside(folder: Path, known: dict[str, int]) -> None:
    """Name the day's earlier packs after their place in the chain; one that no entry names was left by a killed night, and goes."""
    for path in sorted(path for path in folder.iterdir() if is_pack(path.name)):
        sequence = known.get(file_sha256(path))
        if sequence is None:
            path.unlink()
        else:
            path.rename(folder / EARLIER.format(sequence=sequence))


def _seal_orphans(con: duckdb.DuckDBPyConnection, reports: Path, tonight: dt.date) -> None:
    """What killed nights left in folders of other days is packed as it lies: nothing beside the reports stays unnamed."""
    kept_lines(con)
    sealed = {str(row[0]) for row in con.execute("SELECT DISTINCT as_of FROM ledger.evidence").fetchall()} | {str(tonight)}
    for folder in sorted(path for path in reports.iterdir() if path.is_dir() and path.name not in sealed):
        manifest = {"run_id": "", "as_of": folder.name, "verdict": STOPPED, "decisions": {}}
        _seal(con, reports, dt.date.fromisoformat(folder.name), "", STOPPED, sha256(canonical({})), manifest, {})


def _sign(lines: list[str], home: Home, settings: Evidence) -> dict[str, object] | None:
    """Sign what is not signed yet; None where this account cannot, or there is nothing."""
    key = private_key(home, settings)
    entries = [sha256(line.encode()) for line in lines]
    signatures = read_signatures(home.reports)
    unsigned = [number for number, entry in enumerate(entries, 1) if entry not in signatures]
    if key is not None and unsigned:
        publish_key(key, home.reports, unsigned[0])
        signatures |= {entries[number - 1]: sign(key, entries[number - 1]) for number in unsigned}
    return write_signatures(home.reports, entries, signatures)


def _hand_over(head: dict[str, object] | None, settings: Evidence) -> bool | None:
    """Put the head where the witness keeps it, under a name that is never written again."""
    if not settings.witness:
        return None
    if head is None:
        return False
    path = Path(settings.witness) / f"head-{head['sequence']:0>6}.json"
    try:
        if not path.exists():
            path.write_bytes(canonical(head) + b"\n")
    except OSError:
        return False
    return path.read_bytes() == canonical(head) + b"\n"
