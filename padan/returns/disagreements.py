"""An agency's own rows that say otherwise than DTSEN, or than another feed of the same agency, of the same person.

Never compared with another agency's feed: that a row is there to compare with would say that the child is known to it.
"""

from __future__ import annotations

from typing import Any

import duckdb

from padan.report.tables import there
from schemas.extracts.contract import Contract

_NEEDS = ("intermediate.int_person__standardized", "intermediate.int_child__compared", "link.register_person")

# Each side is read once, and rows are looked up only for what was found: a feed of a nation is mostly of one mind with DTSEN.
_ROWS = """
WITH unlike AS (
    SELECT record_id, tanggal_lahir_precision = 'day' AND s.tanggal_lahir <> r.tanggal_lahir AS tanggal_beda,
        s.jenis_kelamin <> CASE r.jenis_kelamin WHEN '1' THEN 'L' WHEN '2' THEN 'P' ELSE r.jenis_kelamin END AS jenis_kelamin_beda
    FROM intermediate.int_person__standardized s JOIN link.decision d USING (record_id) JOIN link.register_person r USING (register_id)
    WHERE s.agency = $agency AND s.feed = $feed AND (tanggal_beda OR jenis_kelamin_beda)
), found AS (
    SELECT record_id, unnest(list_filter([CASE WHEN tanggal_beda THEN 'tanggal_lahir' END,
        CASE WHEN jenis_kelamin_beda THEN 'jenis_kelamin' END], lambda x: x IS NOT NULL)) AS kolom, 'DTSEN' AS dari FROM unlike
    UNION ALL
    SELECT d.record_id, c.kolom, $agency || '/' || CASE WHEN c.feed_kiri = $feed THEN c.feed_kanan ELSE c.feed_kiri END
    FROM link.decision d JOIN intermediate.int_child__compared c USING (person_id)
    WHERE d.agency = $agency AND d.feed = $feed
        AND c.berbeda AND c.agency_kiri = $agency AND c.agency_kanan = $agency AND $feed IN (c.feed_kiri, c.feed_kanan)
)
SELECT $agency || '/' || $feed, r.source_file, r.source_row, {key}, kolom, dari
FROM found JOIN raw.{table}__in_force r USING (record_id)
ORDER BY source_file, source_row, kolom, dari LIMIT $most"""


def disagreements(con: duckdb.DuckDBPyConnection, contract: Contract, most: int) -> list[tuple[Any, ...]]:
    """Feed, file, row, own key, column and what it differs from: DTSEN or `agency/feed`; at most `most` rows."""
    feed = contract.feed
    if not feed.person or not all(there(con, table) for table in _NEEDS):
        return []
    key = " || ' / ' || ".join(f"coalesce(r.{name}, '')" for name in feed.key) or "''"
    query = _ROWS.format(key=key, table=feed.table)
    return con.execute(query, {"agency": feed.agency, "feed": feed.name, "most": most}).fetchall()
