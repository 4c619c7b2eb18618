"""Whose rows a record's person has: every record of that person, in every delivery, also those no longer in force."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from padan.errors import InputRefused
from schemas.extracts import contracts
from schemas.extracts.contract import Contract

#: Shapes of the cells by which rows of one person are found where their identity is their whole content.
_DIGITS = "regexp_replace(regexp_replace({cell}, '\\.0$', ''), '[^0-9]', '', 'g')"


@dataclass(frozen=True)
class Subject:
    """A person's records. `records`: by (agency, feed) the record ids; `persons`: person_ids; `niks`: valid NIKs (vault only)."""

    records: dict[tuple[str, str], tuple[str, ...]]
    persons: tuple[str, ...]
    niks: tuple[str, ...]

    @property
    def ids(self) -> list[str]:
        """All record ids."""
        return sorted({record for records in self.records.values() for record in records})


def subject_of(con: duckdb.DuckDBPyConnection, record_id: str, without: tuple[str, ...] = ()) -> Subject:
    """The person of `record_id` as the last night resolved it, less the records in `without`, with rows of earlier deliveries.

    Raises:
        InputRefused: there is no such record of a person.
    """
    known = con.execute("SELECT person_id FROM link.decision WHERE record_id = ? AND entity_type = 'person'", [record_id]).fetchall()
    if not known:
        raise InputRefused("catatan_tidak_ada", "catatan itu tidak ada.", holds="Tidak ada yang diubah.", todo="Periksa record_id.")
    found = con.execute(
        "SELECT agency, feed, record_id FROM link.decision WHERE person_id = ? AND record_id NOT IN (SELECT unnest(?::VARCHAR[]))",
        [known[0][0], list(without)],
    ).fetchall()
    ids = [row[2] for row in found]
    niks = con.execute(
        "SELECT DISTINCT nik FROM intermediate.int_person__standardized WHERE nik IS NOT NULL AND record_id IN (SELECT unnest(?))",
        [ids],
    ).fetchall()
    records: dict[tuple[str, str], set[str]] = {}
    for agency, feed, record in found:
        records.setdefault((agency, feed), set()).add(record)
    for contract in contracts().values():
        if earlier := _earlier(con, contract, ids, [nik for (nik,) in niks]):
            records.setdefault((contract.feed.agency, contract.feed.name), set()).update(earlier - set(without))
    return Subject(
        {feed: tuple(sorted(kept)) for feed, kept in records.items() if kept}, (known[0][0],), tuple(sorted(nik for (nik,) in niks))
    )


def _earlier(con: duckdb.DuckDBPyConnection, contract: Contract, ids: list[str], niks: list[str]) -> set[str]:
    """Record ids that rows of the same NIK, name and birth date had in other deliveries of a feed without a stable key."""
    columns = {column.name for column in contract.columns}
    if contract.feed.key or contract.feed.is_register or not {"nik", "nama", "tanggal_lahir"} <= columns or not niks:
        return set()
    table, digits = f"raw.{contract.feed.table}", _DIGITS.format(cell="r.nik")
    rows = con.execute(
        f"SELECT DISTINCT r.record_id FROM {table} r JOIN {table} own ON own.record_id IN (SELECT unnest($ids)) "
        "AND r.nama IS NOT DISTINCT FROM own.nama AND r.tanggal_lahir IS NOT DISTINCT FROM own.tanggal_lahir "
        f"WHERE {digits} IN (SELECT unnest($niks))",
        {"ids": ids, "niks": niks},
    ).fetchall()
    return {row[0] for row in rows}
