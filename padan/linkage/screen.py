"""Drops pairs that no evidence could make count, before the costly scoring: a bound on their weight, from a few narrow columns.

Most pairs of a wide blocking rule share one key and nothing else. A bound of the two parts that a pair has in the posterior
(this person, and a relative of this person whom the register lacks) tells them; Splink scores whatever remains. The bound
is the model's own levels and bits, where they are cheap; where not, the most that they could be. Pairs of records need no
posterior: those stay whose own odds may suffice to join them.
Does not belong here: how alike two values are (person_v1), what a pair weighs (scoring), what follows from it (decision).
"""

from __future__ import annotations

import math
from functools import partial

import duckdb

from padan.config import PersonPolicy
from padan.linkage.candidates import Screen
from padan.linkage.decision import likely_sql, logodds, member_bits, relative_sql
from padan.linkage.likeness import compare_words
from padan.linkage.model import Comparison, Level, Probabilities
from padan.linkage.person_v1.definition import FREQUENCIES, NIK_OF_FAMILY, PERSON_V1
from padan.linkage.rules import RULES
from padan.linkage.scoring import unlisted
from padan.linkage.siblings import prepare_siblings
from padan.register.views import district_sql

#: Shares of the posterior too small to move a decision, 50 of them together included; the shares of nobody are 0.1 and more.
NEGLIGIBLE = 2.0**-16

#: The best pairs of a record stay whatever they weigh: a decision shows them.
KEPT = 2

#: Bits by which two ways of adding up one weight may differ.
ROUNDING = 1e-6

#: Keys that are evidence enough to be scored: whoever has one of them is never screened.
SURE = sum(1 << bit for bit, rule in enumerate(RULES) if rule.name in ("nik", "nik_rusak", "kk", "keluarga"))

#: Comparisons whose level another table has (words), or whose best level is assumed.
_WORDS, _ASSUMED = ("nama", "ibu"), ("wali",)

# A doubtful pair in the columns that the cheap comparisons read, from narrow rows of both sides.
_SIDES = """
SELECT p.rec_no, p.person_no, l.nik AS nik_l, lpad(CAST(r.nik AS VARCHAR), 16, '0') AS nik_r, l.nik_keluarga AS nik_keluarga_l,
    r.keluarga_no AS nik_keluarga_r, l.no_kk AS no_kk_l,
    CASE WHEN coalesce(r.no_kk_lain, f.no_kk) > 0 THEN lpad(CAST(coalesce(r.no_kk_lain, f.no_kk) AS VARCHAR), 16, '0') END AS no_kk_r,
    l.keluarga AS keluarga_l, r.keluarga_no AS keluarga_r, l.nik_wali AS nik_wali_l, CAST(NULL AS VARCHAR) AS nik_wali_r,
    l.wali AS wali_l, true AS wali_r, l.tanggal_lahir AS tanggal_lahir_l, r.tanggal_lahir AS tanggal_lahir_r, l.presisi AS presisi_l,
    CASE WHEN r.tanggal_lahir IS NULL THEN 'none' ELSE 'day' END AS presisi_r, l.kelompok_umur AS kelompok_umur_l,
    l.tanggal_acuan AS tanggal_acuan_l, l.jenis_kelamin AS jenis_kelamin_l, r.jenis_kelamin AS jenis_kelamin_r,
    l.kode_kecamatan AS kode_kecamatan_l, {district} AS kode_kecamatan_r, l.kode_kabupaten AS kode_kabupaten_l,
    left({district}, 5) AS kode_kabupaten_r, l.kode_kabupaten_lama AS kode_kabupaten_lama_l,
    CAST(NULL AS VARCHAR) AS kode_kabupaten_lama_r, coalesce(r.hubungan_kepala IN ('1', '2'), false) AS parental, true AS family_words,
    CASE WHEN l.nama IS NOT NULL AND r.nama IS NOT NULL THEN coalesce(n.level, 1) END AS nama_level,
    CASE WHEN l.ibu IS NOT NULL AND r.ibu IS NOT NULL THEN coalesce(i.level, 1) END AS ibu_level, rarity.*
FROM doubtful p JOIN record_model l ON l.unique_id = p.rec_no JOIN chosen_row r USING (person_no) JOIN chosen_family f USING (keluarga_no)
LEFT JOIN nama_likeness n USING (rec_no, person_no) LEFT JOIN ibu_likeness i USING (rec_no, person_no)
JOIN rarity ON rarity.rarity_of = p.rec_no
"""


# A record in the columns of record_model that are read as they stand; of its names, whether it has them.
_FACT = """
CREATE OR REPLACE TABLE record_fact AS
SELECT s.rec_no, s.nik, f.nik_keluarga, s.no_kk, f.keluarga, s.nik_wali, s.tanggal_lahir,
    CASE WHEN s.tanggal_lahir IS NULL THEN 'none' ELSE s.tanggal_lahir_precision END AS presisi, g.kelompok_umur, s.tanggal_acuan,
    s.jenis_kelamin, CASE WHEN s.nama IS NOT NULL THEN true END AS nama, CASE WHEN s.nama_ibu IS NOT NULL THEN true END AS ibu,
    CASE WHEN s.nama_wali IS NOT NULL THEN true END AS wali, s.kode_kecamatan, s.kode_kabupaten, s.kode_kabupaten_lama
FROM {source} s LEFT JOIN known_family f USING (rec_no) LEFT JOIN generation g ON (g.agency, g.feed) = (s.agency, s.feed)
"""


def screen_for(policy: PersonPolicy, trained: Probabilities, size: int) -> Screen:
    """The screen of a register of `size` persons, as `candidates.find_candidates` takes it."""
    return partial(_screen, policy=policy, trained=trained, size=size)


def _screen(con: duckdb.DuckDBPyConnection, policy: PersonPolicy, trained: Probabilities, size: int) -> None:
    """Delete from `pair` what cannot count, and keep it in `hopeless(rec_no, person_no)`.

    Needs `chosen_row`, `chosen_family` and `word_bits_of` of the pairs' persons, and `record_model`.
    """
    bound(con, policy, trained, size)
    con.execute(
        f"""CREATE OR REPLACE TABLE hopeless AS SELECT rec_no, person_no FROM bounded
        QUALIFY greatest(likely, relative) < {NEGLIGIBLE}
            AND row_number() OVER (PARTITION BY rec_no ORDER BY round(weight, 6) DESC, person_no) > {KEPT}"""
    )
    con.execute("CREATE OR REPLACE TABLE pair AS SELECT * FROM pair ANTI JOIN hopeless USING (rec_no, person_no)")
    for scaffold in ("doubtful", "bounded", "rarity", "nama_likeness", "ibu_likeness"):
        con.execute(f"DROP TABLE {scaffold}")


def bound(con: duckdb.DuckDBPyConnection, policy: PersonPolicy, trained: Probabilities, size: int) -> None:
    """Make `bounded(rec_no, person_no, weight, likely, relative)`: the most that each pair without a sure key could come to."""
    con.execute(f"CREATE OR REPLACE TABLE doubtful AS SELECT rec_no, person_no FROM pair WHERE rules & {SURE} = 0")
    prepare_siblings(con, trained)
    _count_rarity(con, size)
    compare_words(con, "nama", "name_rank")
    compare_words(con, "ibu", "mother_rank")
    bits = PERSON_V1.weights(trained, size)
    levels = ", ".join(f"{_level(c)} AS level_{c.name}" for c in PERSON_V1.comparisons)
    weights = ", ".join(f"{_bits(c, bits[c.name], trained)} AS mw_{c.name}" for c in PERSON_V1.comparisons)
    gammas = ", ".join(f"coalesce(level_{c.name}, 0) - 1 AS gamma_{c.name}" for c in PERSON_V1.comparisons)
    prior = policy.register_coverage / size
    total = " + ".join(f"mw_{c.name}" for c in PERSON_V1.comparisons)
    sides = _SIDES.format(district=district_sql("f.kode_kecamatan"))
    con.execute(
        f"""CREATE OR REPLACE TABLE bounded AS
        SELECT rec_no, person_no, weight, {likely_sql(policy, size)} AS likely, {relative_sql(policy, size, member_bits())} AS relative
        FROM (SELECT *, {logodds(prior)} + {total} AS weight
            FROM (SELECT *, {gammas}, {weights} FROM (SELECT *, {levels} FROM ({sides}))))"""
    )


def screen_unread_pairs(con: duckdb.DuckDBPyConnection, source: str, trained: Probabilities, size: int, prior: float, least: float) -> None:
    """Delete from `record_pair(l, r)` what would not reach the probability `least` whatever the names, before those are read.

    `source`: the standard persons of both sides, which carry their rec_no. Needs `record_model` of the records that seek: one of each pair,
    whose names' rarity is counted; and `known_family`, `generation`.
    """
    con.execute("CREATE OR REPLACE TABLE doubtful AS SELECT unique_id AS rec_no FROM record_model")
    _count_rarity(con, size)
    con.execute(_FACT.format(source=source))
    sides = _sides(con, "record_fact", "rec_no")
    bits = PERSON_V1.weights(trained, size)
    known = [c for c in PERSON_V1.comparisons if c.name not in (*_WORDS, *_ASSUMED)]
    levels = ", ".join(f"{_compared(c, c.sql)} AS level_{c.name}" for c in known)
    total = " + ".join(_bits(c, bits[c.name], trained) if c in known else _most(c, bits[c.name], trained) for c in PERSON_V1.comparisons)
    con.execute(
        f"""CREATE OR REPLACE TABLE record_pair AS SELECT DISTINCT one AS l, other AS r
        FROM (SELECT *, {levels} FROM (SELECT p.l AS one, p.r AS other, {sides}, rarity.*
            FROM (SELECT l, r, unnest([l, r]) AS seeking FROM record_pair) p JOIN rarity ON rarity.rarity_of = p.seeking
            JOIN record_fact l ON l.rec_no = p.l JOIN record_fact r ON r.rec_no = p.r))
        WHERE {logodds(prior)} + {total} >= {logodds(least)} - {ROUNDING}"""
    )
    for scaffold in ("doubtful", "rarity", "record_fact"):
        con.execute(f"DROP TABLE {scaffold}")


def screen_record_pairs(con: duckdb.DuckDBPyConnection, trained: Probabilities, size: int, prior: float, least: float) -> None:
    """Delete from `record_pair(l, r)` what Splink, with that prior, would give less than the probability `least`.

    Needs `record_model` of both sides, and leaves in it the records that still are in a pair. `size`: persons of the register.
    """
    con.execute("CREATE OR REPLACE TABLE doubtful AS SELECT l AS rec_no FROM record_pair")
    _count_rarity(con, size)
    sides = _sides(con, "record_model", "unique_id")
    levels = ", ".join(f"{_compared(c, c.sql)} AS level_{c.name}" for c in PERSON_V1.comparisons)
    bits = PERSON_V1.weights(trained, size)
    total = " + ".join(_bits(c, bits[c.name], trained) for c in PERSON_V1.comparisons)
    con.execute(
        f"""CREATE OR REPLACE TABLE record_pair AS SELECT one AS l, other AS r
        FROM (SELECT *, {levels} FROM (SELECT p.l AS one, p.r AS other, {sides}, rarity.* FROM record_pair p
            JOIN record_model l ON l.unique_id = p.l JOIN record_model r ON r.unique_id = p.r JOIN rarity ON rarity.rarity_of = p.l))
        WHERE {logodds(prior)} + {total} >= {logodds(least)} - {ROUNDING}"""
    )
    con.execute("CREATE OR REPLACE TABLE record_model AS FROM record_model WHERE unique_id IN (SELECT unnest([l, r]) FROM record_pair)")
    for scaffold in ("doubtful", "rarity"):
        con.execute(f"DROP TABLE {scaffold}")


def _sides(con: duckdb.DuckDBPyConnection, table: str, key: str) -> str:
    """SELECT list of the columns of `table` but for its key, of both sides of a pair, as comparisons name them."""
    columns = [name for name, *_ in con.execute(f"DESCRIBE {table}").fetchall() if name != key]
    return ", ".join(f"{side}.{column} AS {column}_{side}" for side in ("l", "r") for column in columns)


def _level(comparison: Comparison) -> str:
    """SQL: code of the level that a pair reaches, or the best that it could; NULL where nothing is compared."""
    if comparison.name in _WORDS:
        return f"{comparison.name}_level"
    return _compared(comparison, str(comparison.levels[0].code) if comparison.name in _ASSUMED else comparison.sql)


def _compared(comparison: Comparison, level: str) -> str:
    """SQL: `level`, or NULL where a side has nothing to compare."""
    return f"CASE WHEN {comparison.null} THEN NULL ELSE {level} END"


def _bits(comparison: Comparison, bits: dict[int, float], trained: Probabilities) -> str:
    """SQL: the bits of a level; a value that both have is as rare as the record's, or more common."""
    whens = (f"WHEN {level.code} THEN {_worth(comparison, level, bits, trained)}" for level in comparison.levels)
    return f"CASE level_{comparison.name} {' '.join(whens)} ELSE 0.0 END"


def _most(comparison: Comparison, bits: dict[int, float], trained: Probabilities) -> str:
    """SQL: the bits that no level of it exceeds; none where a side has nothing to compare."""
    worths = ", ".join(_worth(comparison, level, bits, trained) for level in comparison.levels)
    return f"CASE WHEN {comparison.null} THEN 0.0 ELSE greatest({worths}) END"


def _worth(comparison: Comparison, level: Level, bits: dict[int, float], trained: Probabilities) -> str:
    """SQL: the bits of a level."""
    if level.tf:
        return f"{math.log2(trained[comparison.name][level.code][0])} + tf_{level.tf}"
    if comparison.name == "nik" and level.code == NIK_OF_FAMILY:
        return f"{max(bits[level.code], 0.0)}"
    return f"{bits[level.code]}"


def _count_rarity(con: duckdb.DuckDBPyConnection, size: int) -> None:
    """Make `rarity(rarity_of, tf_<column>)`: bits that a record's own value is worth by its rarity in the register.

    The register's counts are looked up column by column: joined to all of them at once, each is read through to its end.
    """
    con.execute("CREATE OR REPLACE TABLE weighed_record AS SELECT * FROM record_model WHERE unique_id IN (SELECT rec_no FROM doubtful)")
    counted, joins = [], []
    for column, frequency in FREQUENCIES.items():
        kind = con.execute(f"SELECT any_value(typeof(value)) FROM (FROM {frequency} LIMIT 1)").fetchall()[0][0]
        key = f"name_key(string_split(m.{column}, ' '))" if kind == "BIGINT" else f"m.{column}"
        counted.append(f"log2({size} / coalesce(f_{column}.expected, {unlisted(con, frequency)[1]})) AS tf_{column}")
        joins.append(f"LEFT JOIN count_{column} f_{column} ON f_{column}.value = {key}")
        con.execute(
            f"""CREATE OR REPLACE TABLE count_{column} AS SELECT value, expected FROM {frequency}
            SEMI JOIN (SELECT {key} AS value FROM weighed_record m) USING (value)"""
        )
    con.execute(
        f"""CREATE OR REPLACE TABLE rarity AS SELECT m.unique_id AS rarity_of, {", ".join(counted)}
        FROM weighed_record m {" ".join(joins)}"""
    )
    for scaffold in ("weighed_record", *(f"count_{column}" for column in FREQUENCIES)):
        con.execute(f"DROP TABLE {scaffold}")
