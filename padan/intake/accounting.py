"""Whether every row of a delivery is somewhere: counted again from the tables, not from what intake said of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.extracts.contract import Contract

if TYPE_CHECKING:
    import duckdb


def unaccounted(con: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[int, int]:
    """Rows of the feed's standing deliveries that are nowhere (or twice), and rows that its files held.

    Received = in the raw table + set aside + exact duplicates, file by file. The register's rows lie in a file of their
    own, so for its feeds the ledger's count of accepted rows stands in for the table.
    """
    feed = contract.feed
    kept = (
        "SELECT delivery_id, file AS source_file, rows_accepted AS rows FROM ledger.delivery"
        if feed.is_register
        else f"SELECT delivery_id, source_file, count(*) AS rows FROM raw.{feed.table} GROUP BY ALL"
    )
    row = con.execute(
        f"""
        WITH kept AS ({kept}),
        aside AS (
            SELECT delivery_date, source_file, count(*) AS rows FROM quality.quarantine
            WHERE agency = $agency AND feed = $feed AND status <> 'replaced' GROUP BY ALL)
        SELECT coalesce(sum(abs(d.rows_received - coalesce(k.rows, 0) - coalesce(a.rows, 0) - d.rows_duplicate)), 0)::BIGINT,
            coalesce(sum(d.rows_received), 0)::BIGINT
        FROM ledger.delivery d
        LEFT JOIN kept k ON k.delivery_id = d.delivery_id AND k.source_file = d.file
        LEFT JOIN aside a ON a.delivery_date = d.delivery_date AND a.source_file = d.file
        WHERE d.agency = $agency AND d.feed = $feed AND d.status = 'accepted'
        """,
        {"agency": feed.agency, "feed": feed.name},
    ).fetchall()[0]
    return int(row[0]), int(row[1])


def rows_in_force(con: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    """Rows of the feed that stand tonight; of the register's feeds, the rows of the newest release delivered."""
    feed = contract.feed
    if not feed.is_register:
        return int(con.execute(f"SELECT count(*) FROM raw.{feed.table}__in_force").fetchall()[0][0])
    row = con.execute(
        """
        WITH own AS (SELECT * FROM ledger.delivery WHERE agency = $agency AND feed = $feed AND status = 'accepted')
        SELECT coalesce(sum(rows_accepted), 0)::BIGINT FROM own WHERE delivery_date = (SELECT max(delivery_date) FROM own)
        """,
        {"agency": feed.agency, "feed": feed.name},
    ).fetchall()[0]
    return int(row[0])
