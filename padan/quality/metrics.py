"""The night in numbers, computed in DuckDB: one value a metric, `family|what`, and none of them a person's.

Belongs here: aggregates. Does not belong here: what they may be (padan.quality.history), judging (suites).
"""

from __future__ import annotations

import duckdb

from schemas.extracts import contracts

#: Match weights in bands of this many bits; scores beyond the ends share the outermost band.
BAND_BITS, LOWEST_BITS, HIGHEST_BITS = 5, -20, 40
#: An indicator over fewer units than this jumps by itself.
SMALLEST_BASE = 50
EMPTY_FIELDS = ("nama", "tanggal_lahir", "jenis_kelamin", "kode_kabupaten")

Metrics = dict[str, float]


def raw_metrics(con: duckdb.DuckDBPyConnection) -> Metrics:
    """`baris|agency/feed`: rows in force, for every contract but DTSEN's (its rows stay out of the warehouse)."""
    feeds = [c.feed for c in contracts().values() if c.feed.agency != "dtsen"]
    counted = " UNION ALL ".join(f"SELECT 'baris|{feed.path}', count(*) FROM raw.{feed.table}__in_force" for feed in feeds)
    return _read(con, counted)


def accepted_feeds(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Feeds of which the ledger says that rows were accepted."""
    rows = con.execute(
        "SELECT DISTINCT agency || '/' || feed FROM ledger.delivery WHERE status = 'accepted' AND rows_accepted > 0"
    ).fetchall()
    return {row[0] for row in rows}


def person_metrics(con: duckdb.DuckDBPyConnection) -> Metrics:
    """`kosong.<field>|feed`: share without it; `nik_ada`, `nik_sah`: share with any NIK, and of those, valid ones."""
    source = "SELECT *, agency || '/' || feed AS path FROM intermediate.int_person__standardized"
    parts = [f"SELECT 'kosong.{field}|' || path, avg(({field} IS NULL)::INTEGER) FROM persons GROUP BY path" for field in EMPTY_FIELDS]
    parts.append("SELECT 'nik_ada|' || path, avg((nik_status <> 'missing')::INTEGER) FROM persons GROUP BY path")
    parts.append("SELECT 'nik_sah|' || path, avg((nik_status = 'valid')::INTEGER) FROM persons WHERE nik_status <> 'missing' GROUP BY path")
    return _read(con, f"WITH persons AS ({source}) " + " UNION ALL ".join(parts))


def rate_metrics(con: duckdb.DuckDBPyConnection) -> Metrics:
    """`tertaut|feed`, `tinjau|feed`: share of records linked, and sent to review. None while no register is there to link to."""
    if not _read(con, "SELECT 'rows', count(*) FROM link.register_key")["rows"]:
        return {}
    shares = " UNION ALL ".join(
        f"SELECT '{family}|' || agency || '/' || feed, avg((decision = '{decision}')::INTEGER) FROM link.decision GROUP BY agency, feed"
        for family, decision in (("tertaut", "link"), ("tinjau", "review"))
    )
    return _read(con, shares)


def weight_metrics(con: duckdb.DuckDBPyConnection) -> Metrics:
    """`bobot|<band>`: share of scored records whose best weight lies in the band, every band, also the empty ones."""
    bands = f"""
    WITH scored AS (
        SELECT least(greatest(floor(match_weight / {BAND_BITS}) * {BAND_BITS}, {LOWEST_BITS}), {HIGHEST_BITS})::INTEGER AS band
        FROM link.decision WHERE match_weight IS NOT NULL AND isfinite(match_weight)
    ), every AS (
        SELECT unnest(range({LOWEST_BITS}, {HIGHEST_BITS + 1}, {BAND_BITS}))::INTEGER AS band
    )
    SELECT 'bobot|' || every.band, count(scored.band) / (SELECT count(*) FROM scored)
    FROM every LEFT JOIN scored USING (band)
    WHERE EXISTS (SELECT 1 FROM scored)
    GROUP BY every.band
    """
    return _read(con, bands)


def indicator_metrics(con: duckdb.DuckDBPyConnection) -> Metrics:
    """`indikator|code/category`: the national value of the newest year, else month, that has a base of 50 or more."""
    newest = f"""
    SELECT concat_ws('/', 'indikator|' || indicator_code, kategori), value
    FROM marts.indicator
    WHERE tingkat = 'nasional' AND jenis_kelamin = 'semua' AND kelompok_umur = 'semua'
        AND value IS NOT NULL AND coalesce(denominator, numerator) >= {SMALLEST_BASE}
    QUALIFY row_number() OVER (PARTITION BY indicator_code, kategori ORDER BY length(periode), periode DESC) = 1
    """
    return _read(con, newest)


def _read(con: duckdb.DuckDBPyConnection, query: str) -> Metrics:
    return {str(metric): float(value) for metric, value in con.execute(query).fetchall() if value is not None}
