"""What KPAI and Ditjenpas are told about their own open cases: whether help is reached, whether DTSEN knows the child. Nothing else."""

from __future__ import annotations

import duckdb

from padan.keys import keyed_hash
from padan.returns.own_cells import own_cells
from schemas.extracts import contracts

_OWN = (("Sumber", 20), ("Berkas", 28), ("Baris ke-", 10), ("Nama", 30), ("Tanggal lahir", 14), ("L/P", 6))
_KNOWN = ("DTSEN", 44)
TOLD_COLUMNS = {
    "kpai": (("No Pengaduan", 22), *_OWN, _KNOWN, ("PKH keluarga", 26), ("YAPI", 26), ("Rujukan", 40)),
    "ditjenpas": (("No Litmas", 22), *_OWN, _KNOWN),
}
#: The feed of an agency's cases, and its own number of a case.
_CASES = {"kpai": ("pengaduan", "no_pengaduan"), "ditjenpas": ("abh", "no_litmas")}
_FOUND = {True: "ditemukan", False: "belum ditemukan, bukan tidak berhak"}
_SEEN = {True: "terlihat", False: "belum terlihat", None: "belum dapat diketahui"}
_REACHED = {True: "terlihat sampai ke layanan", False: "belum terlihat: ulangi rujukannya", None: ""}


def told_rows(con: duckdb.DuckDBPyConnection, agency: str, key: bytes) -> list[list[str]]:
    """Row id and cells of each open case of an agency, in the order of the row ids; none where the night did not read its feed."""
    feed, number = _CASES[agency]
    table = contracts()[f"{agency}/{feed}"].feed.table
    rows = con.execute(
        f"""SELECT t.record_id, coalesce(r.{number}, ''), t.ditemukan, t.pkh_terlihat, t.yapi_terlihat, t.sampai_layanan
        FROM intermediate.int_return__told t JOIN raw.{table}__in_force r USING (record_id) WHERE t.agency = ?""",
        [agency],
    ).fetchall()
    cells = own_cells(con, [(feed, record) for record, *_ in rows], agency)
    told = []
    for record, number_of, found, pkh, yapi, reached in rows:
        status = [_FOUND[found], _SEEN[pkh], _SEEN[yapi], _REACHED[reached]] if agency == "kpai" else [_FOUND[found]]
        told.append([f"R-{keyed_hash(key, record)[:12]}", number_of, *cells[record], *status])
    return sorted(told)
