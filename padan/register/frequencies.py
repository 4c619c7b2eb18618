"""How many persons of a release have each value, how likely two persons agree on it by chance, how large blocks are.

Names are counted by the key of their strict words (`name_key`), so that no text is kept twice. Parts of the count are made
with each segment, in the scratch file of a build; the sums are made part by part, so that memory holds one.
"""

from __future__ import annotations

import duckdb

from padan.register.postings import CROWDED
from padan.register.views import district_sql

#: Share of records that leave out a word of the name: one- and two-word names are then also written by those who have more.
SHORTENED = 0.06

#: Rows of partial counts that are summed at a time.
_SUMMED = 20_000_000

#: Keys of a long posting list of which block sizes are told: one in so many.
_SAMPLE = 64

# Words are kept for the names that longer ones may be shortened to.
_PARTIAL = """
CREATE OR REPLACE TABLE scratch.{name}_{segment} AS
SELECT {name}_same AS value, min(len({name})) AS words, CASE WHEN min(len({name})) <= 2 THEN min({name}[1]) END AS one,
    CASE WHEN min(len({name})) = 2 THEN min({name}[2]) END AS two, count(*) AS persons
FROM named WHERE {name} IS NOT NULL GROUP BY 1
"""

# How often to expect a value that so many persons have. Good and Turing's estimate: most names seen once are rarer than one in the
# register, since so many names are.
_SEEN = """
CREATE OR REPLACE TEMP TABLE seen AS
WITH counts AS (SELECT persons, count(*) AS n FROM counted WHERE value IS NOT NULL GROUP BY persons)
SELECT k.persons, k.n, CASE WHEN k.persons <= 3 AND m.n >= 50 THEN least(k.persons, greatest((k.persons + 1) * m.n / k.n, k.persons * 0.05))
    ELSE k.persons END AS expected
FROM counts k LEFT JOIN counts m ON m.persons = k.persons + 1
"""

_FREQUENCY = """
CREATE TABLE {table} AS
SELECT c.value, c.persons, k.expected + {more} AS expected
FROM counted c {joins} JOIN seen k ON k.persons = c.persons WHERE c.value IS NOT NULL AND {listed} ORDER BY c.value
"""

# Nearly all names are borne by one person: of those only the number is kept, and what to expect of each.
_UNLISTED = """
INSERT INTO frequency_unlisted SELECT '{table}', n - (SELECT count(*) FROM {table} WHERE persons = 1), expected FROM seen WHERE persons = 1
"""

_TOKENS = {
    "frequency_token": "SELECT t.strict AS value, c.persons FROM token_count c JOIN token t USING (token_no)",
    "frequency_token_longgar": """SELECT t.loose AS value, CAST(sum(c.persons) AS BIGINT) AS persons
        FROM token_count c JOIN token t USING (token_no) GROUP BY 1""",
}

#: Values that are few: counted in one go.
_FEW = {
    "frequency_tanggal_lahir": "SELECT tanggal_lahir AS value, count(*) AS persons FROM person_row GROUP BY 1",
    "frequency_kecamatan": f"""SELECT {district_sql("kode_kecamatan")} AS value, CAST(sum(anggota) AS BIGINT) AS persons
        FROM family GROUP BY 1""",
    "frequency_kabupaten": f"""SELECT left({district_sql("kode_kecamatan")}, 5) AS value, CAST(sum(anggota) AS BIGINT) AS persons
        FROM family GROUP BY 1""",
}

# How many persons have every word of a one- or two-word name: by word; by the pair of words; by chance where pairs are not kept.
_ONE_WORD = "LEFT JOIN counted_word a ON a.token_no = CASE WHEN c.words = 1 THEN c.one END"
_PAIR_KEPT = """LEFT JOIN (SELECT s.value, count(*) AS persons FROM (
        SELECT value, words_key(x.loose_key + y.loose_key) AS key FROM counted c JOIN token x ON x.token_no = c.one
        JOIN token y ON y.token_no = c.two WHERE c.words = 2) s
        JOIN posting_pasangan_kata p ON p.key = s.key GROUP BY 1) b ON b.value = c.value"""
# Two joins and an expression: as one subquery the planner paired every word with every other one.
_PAIR_BY_CHANCE = """LEFT JOIN counted_word x ON x.token_no = CASE WHEN c.words = 2 THEN c.one END
    LEFT JOIN counted_word y ON y.token_no = CASE WHEN c.words = 2 THEN c.two END"""
_BY_CHANCE = """CASE WHEN x.loose <> y.loose AND length(x.loose) > 1 AND length(y.loose) > 1
    THEN x.loose_persons * y.loose_persons / {size} END"""

#: Chance that two persons of the register agree exactly: the sum of squared shares.
_EQUAL = {
    "nama": "frequency_nama", "lahir": "frequency_tanggal_lahir", "kecamatan": "frequency_kecamatan", "kabupaten": "frequency_kabupaten",
    "ibu": "frequency_ibu",
}  # fmt: skip


def count_names(con: duckdb.DuckDBPyConnection, segment: int) -> None:
    """Keep the name counts of the segment that was read, in the scratch file."""
    for name in ("nama", "ibu"):
        con.execute(_PARTIAL.format(name=name, segment=segment))


def create_unlisted(con: duckdb.DuckDBPyConnection) -> None:
    """Empty `frequency_unlisted(frequency, names, expected)`: names without a row in the table `frequency`, each borne by one person."""
    con.execute("CREATE TABLE frequency_unlisted (frequency VARCHAR, names BIGINT, expected DOUBLE)")


def create_token_counts(con: duckdb.DuckDBPyConnection) -> None:
    """`frequency_token` and `frequency_token_longgar`: persons whose name has the word."""
    con.execute(
        """CREATE OR REPLACE TEMP TABLE token_count AS SELECT token_no, count(*) AS persons
        FROM (SELECT unnest(CASE WHEN len(nama) > 3 OR nama[1] = nama[2] OR nama[1] = nama[3] OR nama[2] = nama[3] THEN list_distinct(nama)
            ELSE nama END) AS token_no FROM person_row) GROUP BY 1"""
    )
    for table, sql in _TOKENS.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE counted AS {sql}")
        _create_frequency(con, table)


def create_value_counts(con: duckdb.DuckDBPyConnection) -> None:
    """Frequencies of birth dates, kecamatan and kabupaten."""
    for table, sql in _FEW.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE counted AS {sql}")
        _create_frequency(con, table)


def create_name_counts(con: duckdb.DuckDBPyConnection, name: str, segments: int, size: int) -> None:
    """`frequency_nama` or `frequency_ibu`: persons by key of the strict name.

    A name that one person bears, and nobody is likelier to have shortened, is only counted in `frequency_unlisted`.
    """
    union = " UNION ALL ".join(f"FROM scratch.{name}_{i}" for i in range(1, segments + 1))
    rows = int(con.execute(f"SELECT count(*) FROM ({union})").fetchall()[0][0])
    con.execute("CREATE OR REPLACE TEMP TABLE counted (value BIGINT, words INTEGER, one INTEGER, two INTEGER, persons BIGINT)")
    parts = -(-rows // _SUMMED) or 1
    for part in range(parts):
        con.execute(
            f"""INSERT INTO counted SELECT value, min(words), min(one), min(two), CAST(sum(persons) AS BIGINT)
            FROM ({union}) WHERE value % {parts} = {part} GROUP BY 1"""
        )
    more, joins = ("0", "") if name != "nama" else _longer_names(con, size)
    _create_frequency(con, f"frequency_{name}", more, joins, listed=f"(c.persons > 1 OR {more} > 0)")
    con.execute(_UNLISTED.format(table=f"frequency_{name}"))
    con.execute("DROP TABLE counted")


def _create_frequency(con: duckdb.DuckDBPyConnection, table: str, more: str = "0", joins: str = "", listed: str = "true") -> None:
    """`table(value, persons, expected)` of what is `counted`; `more`: what to expect besides, `listed`: which values have a row."""
    con.execute(_SEEN)
    con.execute(_FREQUENCY.format(table=table, more=more, joins=joins, listed=listed))


def _longer_names(con: duckdb.DuckDBPyConnection, size: int) -> tuple[str, str]:
    """What short names gain from longer ones, as an expression and the joins that it reads."""
    kept = con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'posting_pasangan_kata'").fetchone()
    con.execute(
        """CREATE OR REPLACE TEMP TABLE counted_word AS SELECT token_no, loose, s.persons, l.persons AS loose_persons FROM token t
        JOIN frequency_token s ON s.value = t.strict JOIN frequency_token_longgar l ON l.value = t.loose"""
    )
    pair, joins = ("b.persons", _PAIR_KEPT) if kept else (_BY_CHANCE.format(size=size), _PAIR_BY_CHANCE)
    return f"{SHORTENED} * greatest(0, coalesce(a.persons, {pair}, 0) - c.persons)", f"{_ONE_WORD} {joins}"


def create_chances(con: duckdb.DuckDBPyConnection, size: int) -> None:
    """`u_probability(comparison, level, u)`: the chance that two persons drawn at random agree exactly, in closed form."""
    union = " UNION ALL ".join(
        f"""SELECT '{name}' AS comparison, 'sama' AS level, sum(u) AS u FROM (
        SELECT sum((persons / {size}) * (persons / {size})) AS u FROM {table}
        UNION ALL SELECT names * (1 / {size}) * (1 / {size}) FROM frequency_unlisted WHERE frequency = '{table}')"""
        for name, table in _EQUAL.items()
    )
    sexes = f"""SELECT sum((n / {size}) * (n / {size})) AS u
        FROM (SELECT count(*) AS n FROM person_row WHERE jenis_kelamin IS NOT NULL GROUP BY jenis_kelamin)"""
    con.execute(f"CREATE TABLE u_probability AS {union} UNION ALL SELECT 'kelamin', 'sama', u FROM ({sexes}) ORDER BY 1")


def create_block_sizes(con: duckdb.DuckDBPyConnection, postings: list[str]) -> None:
    """`block_size(posting, keys, largest, median, p99, sampled)`: persons a key; of one key in `sampled` where a list is long."""
    con.execute("CREATE TABLE block_size (posting VARCHAR, keys BIGINT, largest BIGINT, median BIGINT, p99 BIGINT, sampled INTEGER)")
    for posting in postings:
        columns = {row[0] for row in con.execute(f"DESCRIBE posting_{posting}").fetchall()}
        rows = int(con.execute(f"SELECT count(*) FROM posting_{posting}").fetchall()[0][0])
        sampled = _SAMPLE if rows > CROWDED else 1
        con.execute(
            f"""INSERT INTO block_size SELECT '{posting}', count(*) * {sampled}, coalesce(max(n), 0), coalesce(median(n), 0),
                coalesce(quantile_disc(n, 0.99), 0), {sampled}
            FROM (SELECT CAST({"sum(anggota)" if "anggota" in columns else "count(*)"} AS BIGINT) AS n FROM posting_{posting}
                WHERE hash(key) % {sampled} = 0 GROUP BY key)"""
        )
