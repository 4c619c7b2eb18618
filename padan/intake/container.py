"""What kind of file the bytes are, whatever the name says, and whether a packed one is safe to open.

Belongs here: magic bytes, and what a ZIP directory admits. Does not belong here: rows and cells.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from padan.errors import InputRefused
from schemas.extracts.contract import Csv, Format, Json, Parquet, Xlsx

MAX_RATIO = 100
MAX_UNPACKED_BYTES = 2 << 30
_HEAD_BYTES = 1 << 16
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"\xff\xfe", "utf16"),
    (b"\xfe\xff", "utf16"),
)
_NAMES = {
    "zip": "berkas ZIP atau XLSX",
    "parquet": "Parquet",
    "ole": "XLS lama atau XLSX bersandi",
    "pdf": "PDF",
    "gzip": "berkas GZIP",
    "7z": "berkas 7Z",
    "rar": "berkas RAR",
    "utf16": "teks UTF-16",
    "binary": "berkas biner",
    "text": "teks",
    "empty": "kosong",
}


def form_of(name: str, path: Path, promised: Format) -> Format:
    """The format to read `path` by, once its name and its bytes agree with what the contract promises.

    Raises:
        InputRefused: empty, wrong suffix, other container than the name says, UTF-16, binary, or a dangerous archive.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in promised.suffixes:
        raise InputRefused("wadah_salah", f"akhiran berkas salah: kontrak menjanjikan {', '.join(promised.suffixes)}.")
    form = promised.csv if isinstance(promised, Parquet) and suffix in promised.csv.suffixes else promised
    seen, wanted = kind_of(path), _wanted(form)
    if seen == "empty":
        raise InputRefused("berkas_kosong", "berkas kosong.")
    if seen != wanted:
        rule = {"utf16": "enkode_salah", "binary": "berkas_biner"}.get(seen, "wadah_salah")
        raise InputRefused(rule, f"isinya {_NAMES[seen]}, bukan {suffix} seperti dijanjikan.")
    if seen == "zip":
        check_workbook(path)
    return form


def _wanted(form: Format) -> str:
    if isinstance(form, Csv | Json):
        return "text"
    return "zip" if isinstance(form, Xlsx) else "parquet"


def kind_of(path: Path) -> str:
    """zip, parquet, ole, pdf, gzip, 7z, rar, utf16, binary, text or empty, by the first 64 KiB."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        return "empty"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    zeros = head.count(0)
    if zeros > len(head) // 5:
        return "utf16" if _zeros_alternate(head, zeros) else "binary"
    # a stray control character or NUL is a row's defect; one in a hundred bytes is no text
    return "binary" if len(head) - len(head.translate(None, _CONTROL)) > max(8, len(head) // 100) else "text"


def _zeros_alternate(head: bytes, zeros: int) -> bool:
    """UTF-16 without a mark: the zeros of Latin text stand on every other byte."""
    return max(head[0::2].count(0), head[1::2].count(0)) > zeros * 9 // 10


def check_workbook(path: Path) -> None:
    """`check_package` of a file."""
    with path.open("rb") as file:
        check_package(file, path.stat().st_size)


def check_package(file: BinaryIO, size: int) -> None:
    """Look into the ZIP directory and inflate every part once, keeping nothing, before a parser opens the `size` bytes.

    Raises:
        InputRefused: no workbook, unpacks to over 100 times or 2 GiB, XML entities, macros, links to other files.
    """
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if not any(n.lower() == "xl/workbook.xml" for n in names):
                raise InputRefused("wadah_salah", "arsip ZIP, bukan buku kerja XLSX.")
            _refuse_active(names)
            budget = min(MAX_UNPACKED_BYTES, MAX_RATIO * size)
            if sum(part.file_size for part in parts) > budget:
                raise _bomb()
            for part in parts:
                budget -= _inflate(file, part, budget)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, OSError, EOFError) as error:
        raise InputRefused("berkas_rusak", f"arsip rusak ({type(error).__name__}).") from None


def _bomb() -> InputRefused:
    return InputRefused("bom_zip", f"mengembang lebih dari {MAX_RATIO} kali atau 2 GiB.")


def _refuse_active(parts: set[str]) -> None:
    """Macros and links to other workbooks have no place in a delivery."""
    lowered = {part.lower() for part in parts}
    if any(part.endswith("vbaproject.bin") for part in lowered):
        raise InputRefused("makro", "buku kerja berisi makro.")
    if any(part.startswith("xl/externallinks/") for part in lowered):
        raise InputRefused("tautan_luar", "buku kerja bertaut ke berkas lain.")


def _inflate(file: BinaryIO, part: zipfile.ZipInfo, budget: int) -> int:
    """Bytes that the part really unpacks to (the directory may lie)."""
    file.seek(part.header_offset + 26)
    name_bytes, extra_bytes = struct.unpack("<HH", file.read(4))
    file.seek(name_bytes + extra_bytes, 1)
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputRefused("wadah_salah", "kompresi yang tidak dikenal XLSX.")
    engine = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    left, total, checked = part.compress_size, 0, False
    while left > 0 and (block := file.read(min(left, 1 << 16))):
        left -= len(block)
        while block:
            piece = engine.decompress(block, 1 << 20) if engine else block
            block = engine.unconsumed_tail if engine else b""
            total += len(piece)
            if total > budget:
                raise _bomb()
            if not checked and piece:
                checked = True
                _refuse_entities(part.filename, piece)
    return total


def _refuse_entities(part: str, head: bytes) -> None:
    """A document type declaration is where entities are declared; no writer of spreadsheets makes one."""
    if part.lower().endswith((".xml", ".rels")) and (b"<!DOCTYPE" in head or b"<!ENTITY" in head):
        raise InputRefused("entitas_xml", "XML dengan entitas atau DOCTYPE.")
