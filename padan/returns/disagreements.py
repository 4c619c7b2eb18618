"""An agency's own rows that say otherwise than DTSEN, or than another feed of the same agency, of the same person.

Never compared with another agency's feed: that a row is there to compare with would say that the child is known to it.
"""

from __future__ import annotations

from typing import Any

import duckdb

from padan.report.tables import there
from schemas.extracts.contract import Contract

_NEEDS = ("intermediate.int_person__standardized", "intermediate.int_child__compared", "link.register_person")

_ROWS = """
WITH own AS (
    SELECT s.record_id, s.source_file, s.source_row, s.tanggal_lahir, s.tanggal_lahir_precision, s.jenis_kelamin, d.person_id, d.register_id
    FROM intermediate.int_person__standardized s JOIN link.decision d USING (record_id) WHERE s.agency = $agency AND s.feed = $feed
), found AS (
    SELECT record_id, 'tanggal_lahir' AS kolom, 'DTSEN' AS dari FROM own JOIN link.register_person r USING (register_id)
    WHERE own.tanggal_lahir_precision = 'day' AND own.tanggal_lahir <> r.tanggal_lahir
    UNION ALL
    SELECT record_id, 'jenis_kelamin', 'DTSEN' FROM own JOIN link.register_person r USING (register_id)
    WHERE own.jenis_kelamin <> CASE r.jenis_kelamin WHEN '1' THEN 'L' WHEN '2' THEN 'P' ELSE r.jenis_kelamin END
    UNION ALL
    SELECT own.record_id, c.kolom, $agency || '/' || CASE WHEN c.feed_kiri = $feed THEN c.feed_kanan ELSE c.feed_kiri END
    FROM own JOIN intermediate.int_child__compared c USING (person_id)
    WHERE c.berbeda AND c.agency_kiri = $agency AND c.agency_kanan = $agency AND $feed IN (c.feed_kiri, c.feed_kanan)
)
SELECT $agency || '/' || $feed, own.source_file, own.source_row, {key}, kolom, dari
FROM found JOIN own USING (record_id) JOIN raw.{table}__in_force r USING (record_id)
ORDER BY source_file, source_row, kolom, dari LIMIT $most"""


def disagreements(con: duckdb.DuckDBPyConnection, contract: Contract, most: int) -> list[tuple[Any, ...]]:
    """Feed, file, row, own key, column and what it differs from: DTSEN or `agency/feed`; at most `most` rows."""
    feed = contract.feed
    if not feed.person or not all(there(con, table) for table in _NEEDS):
        return []
    key = " || ' / ' || ".join(f"coalesce(r.{name}, '')" for name in feed.key) or "''"
    query = _ROWS.format(key=key, table=feed.table)
    return con.execute(query, {"agency": feed.agency, "feed": feed.name, "most": most}).fetchall()
