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
#: So many rows of one feed with one NIK are no family's doing.
CROWD = 5
_DAY = "CASE WHEN tanggal_lahir_precision = 'day' THEN tanggal_lahir END"
#: Family, the value whose rows are counted, and the share that its counts `n` (by value `v`) make.
_FILLED_DOWN = (
    ("nik_ramai", "nik", f"coalesce(sum(n) FILTER (n >= {CROWD}), 0) / sum(n)"),
    ("nama_teratas", "nama", "max(n) / sum(n)"),
    ("awal_tahun", _DAY, "coalesce(sum(n) FILTER (month(v) = 1 AND day(v) = 1), 0) / sum(n)"),
    ("hari_teratas", _DAY, "max(n) / sum(n)"),
)
EMPTY_FIELDS = ("nama", "tanggal_lahir", "jenis_kelamin", "kode_kabupaten")

Metrics = dict[str, float]


def raw_metrics(con: duckdb.DuckDBPyConnection) -> Metrics:
    """`baris|agency/feed`: rows in force; of DTSEN, whose rows stay out of the warehouse, `register|anak`: its children."""
    feeds = [c.feed for c in contracts().values() if c.feed.agency != "dtsen"]
    counted = " UNION ALL ".join(f"SELECT 'baris|{feed.path}', count(*) FROM raw.{feed.table}__in_force" for feed in feeds)
    there = con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'register' AND table_name = 'agregat'").fetchone()
    if there:
        counted += " UNION ALL SELECT 'register|anak', sum(anak) FROM register.agregat WHERE aturan = 'semua' AND program = 'semua'"
    return _read(con, counted)


def column_metrics(con: duckdb.DuckDBPyConnection) -> Metrics:
    """`sesuai|feed.kolom`: share of a feed's rows whose cell is filled and conforms; every coded column of every feed."""
    return _read(
        con, "SELECT 'sesuai|' || agency || '/' || feed || '.' || kolom, sesuai / total FROM intermediate.int_conformity WHERE total > 0"
    )


def accepted_feeds(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Feeds of which the ledger says that rows were accepted."""
    rows = con.execute(
        "SELECT DISTINCT agency || '/' || feed FROM ledger.delivery WHERE status = 'accepted' AND rows_accepted > 0"
    ).fetchall()
    return {row[0] for row in rows}


def person_metrics(con: duckdb.DuckDBPyConnection) -> Metrics:
    """`kosong.<field>|feed`: share without it; `nik_ada`, `nik_sah`: share with any NIK, and of those, valid ones.

    And what a filled-down column or a default looks like: `nik_ramai`: share of NIKs' rows whose NIK stands on CROWD rows or more;
    `nama_teratas`: share of the commonest name; `awal_tahun`: share of birth days that are 1 January; `hari_teratas`: of the commonest.
    """
    source = "SELECT *, agency || '/' || feed AS path FROM intermediate.int_person__standardized"
    parts = [f"SELECT 'kosong.{field}|' || path, avg(({field} IS NULL)::INTEGER) FROM persons GROUP BY path" for field in EMPTY_FIELDS]
    parts.append("SELECT 'nik_ada|' || path, avg((nik_status <> 'missing')::INTEGER) FROM persons GROUP BY path")
    parts.append("SELECT 'nik_sah|' || path, avg((nik_status = 'valid')::INTEGER) FROM persons WHERE nik_status <> 'missing' GROUP BY path")
    for family, value, share in _FILLED_DOWN:
        counted = f"SELECT path, {value} AS v, count(*) AS n FROM persons WHERE {value} IS NOT NULL GROUP BY path, v"
        parts.append(f"SELECT '{family}|' || path, {share} FROM ({counted}) GROUP BY path HAVING sum(n) >= {SMALLEST_BASE}")
    found = _read(con, f"WITH persons AS NOT MATERIALIZED ({source}) " + " UNION ALL ".join(parts))
    # too few rows for a share tonight is no absence: the metric stays, at nought
    feeds = {metric.split("|")[1] for metric in found}
    return {f"{family}|{feed}": 0.0 for family, _, _ in _FILLED_DOWN for feed in feeds} | found


def rate_metrics(con: duckdb.DuckDBPyConnection) -> Metrics:
    """`tertaut|feed`, `tinjau|feed`: share of records linked, and sent to review. None while no register is there to link to.

    `magnet|feed`: share of links to a register person that CROWD or more records of the feed link to; `berubah|feed`: share of records
    whose answer differs from the night before; `lembaga|feed`: share of mentions of institutions that link.
    """
    if not _read(con, "SELECT 'rows', count(*) FROM link.register_key")["rows"]:
        return {}
    shares = (
        " UNION ALL ".join([*_ANSWERS, *_MOVES])
        + " UNION ALL "
        + " UNION ALL ".join(
            f"SELECT '{family}|' || agency || '/' || feed, avg((decision = '{decision}')::INTEGER) FROM link.decision GROUP BY agency, feed"
            for family, decision in (("tertaut", "link"), ("tinjau", "review"))
        )
    )
    return _read(con, shares)


_ANSWERS = (
    f"""SELECT 'magnet|' || path, coalesce(sum(n) FILTER (n >= {CROWD}), 0) / sum(n) FROM (
        SELECT agency || '/' || feed AS path, register_id, count(*) AS n FROM link.decision WHERE register_id IS NOT NULL GROUP BY ALL)
        GROUP BY path""",
    """SELECT 'lembaga|' || agency || '/' || feed, avg((decision = 'link')::INTEGER)
        FROM link.institution_decision GROUP BY agency, feed""",
)
_MOVES = (
    """SELECT 'berubah|' || d.agency || '/' || d.feed, count(c.record_id) / count(*) FROM link.decision d
        LEFT JOIN (SELECT record_id FROM link.change WHERE before_decision IS NOT NULL AND after_decision IS NOT NULL
            AND run_no = (SELECT max(run_no) FROM link.run)) c USING (record_id) GROUP BY d.agency, d.feed""",
)


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
