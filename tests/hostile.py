"""One night of bad deliveries, with planted values among the rows that are linked, set aside and refused."""

from __future__ import annotations

import shutil
from pathlib import Path

from nights import AS_OF, RanNight, run_night

NAMES = ("ZWIQBERTA KANARIWATI", "QUXMOLANO BURUNGDARI", "VYXTHARI PLANTULASI")
NIKS = ("3273054107157713", "3273051203168817", "3204010905149917")
KKS = ("3273051203157719", "3273051203157727")
PLANTED = (*NAMES, *NIKS, *KKS)
REFUSED = {
    "kemensos/rumah_aman": "kolom_wajib_tidak_ada",
    "kemensos/ppks": "manifest_tak_cocok",
    "kemensos/yapi": "berkas_kosong",
    "kemensos/peksos": "berkas_rusak",
}


def _data_file(landing: Path, feed: str, *, manifest: bool = False) -> Path:
    folder = min((landing / feed).iterdir())
    if not manifest:
        (folder / "MANIFEST.sha256").unlink(missing_ok=True)
    return min(path for path in folder.iterdir() if path.name != "MANIFEST.sha256")


def _append(path: Path, encoding: str, *lines: str) -> None:
    body, footer = path.read_bytes().decode(encoding).rstrip("\n").split("\n"), []
    if body[-1].startswith("Jumlah"):
        footer = [body.pop()]
    path.write_bytes("\n".join([*body, *lines, *footer, ""]).encode(encoding))


def _break(landing: Path) -> None:
    refused = _data_file(landing, "kemensos/rumah_aman")
    header = refused.read_text().split("\n")[0].replace("SERTIFIKAT_AKHIR", "BERLAKU_SAMPAI")
    refused.write_text(f"{header},{NAMES[2]}\n{NAMES[0]},{NIKS[0]},{NAMES[1]},,,,\n")
    ppks = _data_file(landing, "kemensos/ppks", manifest=True)
    ppks.write_bytes(ppks.read_bytes() + b"\n")
    _data_file(landing, "kemensos/yapi").write_bytes(b"")
    _data_file(landing, "kemensos/peksos").write_bytes(b"PK\x03\x04 " + NAMES[0].encode())
    unknown = landing / "kemensos" / "feed_asing" / "2026-11-23"
    unknown.mkdir(parents=True)
    (unknown / "a.csv").write_text(f"A;B\n{NAMES[0]};{NIKS[0]}\n")


def _plant(landing: Path) -> None:
    pkh = f"{NIKS[1]};{NAMES[1]};{KKS[0]};{NIKS[0]};{NAMES[0]}"
    _append(
        _data_file(landing, "kemensos/pkh"),
        "cp1252",
        f"Z1;{pkh};01/07/2015;P;SD;2;2026;225.000,00;BNI;SALUR;32.73",
        f"Z2;{pkh};01/07/2015;P;SD;2;2026;225.000,00;BNI;SALUR;32.73;{NAMES[2]};{KKS[1]}",
        f"Z3;{pkh};31/02/2015;{NAMES[2]};{NAMES[2]};dua;{NAMES[2]};x;BNI;SALUR;{NAMES[2]}",
    )
    resident = f"9999,{NAMES[2]},{NAMES[1]},{NIKS[2]},{NAMES[2]},09/05/2014,L,{NAMES[1]},YATIM,{NAMES[0]},,"
    _append(_data_file(landing, "kemensos/lksa_anak"), "utf-8", resident)


def run_hostile_night(deliveries: Path, folder: Path) -> RanNight:
    """Copy `deliveries`, break four of them, plant values, and run the night over the copy."""
    landing = folder / "landing"
    shutil.copytree(deliveries, landing)
    _break(landing)
    _plant(landing)
    return run_night(landing, folder / "home", AS_OF)
