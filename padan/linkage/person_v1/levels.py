"""How alike two persons are, comparison by comparison, as SQL macros that give the number of a level.

One macro a comparison, evaluated once a pair: Splink tests `macro(...) = k` for each level k, and DuckDB folds the equal
calls. Every macro is symmetric, since which record stands left depends on a secret key. Levels are named in definition.py.
"""

from __future__ import annotations

import duckdb

#: Days on which unknown birthdays are entered: 1 January, 1 July, 31 December, the 15th when the month is known.
_HEAPED = "strftime({d}, '%m-%d') IN ('01-01', '07-01', '12-31')"

#: "name(parameters) AS body", also read by padan.linkage.spark.
MACROS = (
    # bits that one word shares with another: rarity of the word, less for a spelling that is only alike
    """word_bits(x, y) AS CASE
        WHEN x.k = y.k THEN least(x.b, y.b)
        WHEN x.l = y.l THEN least(x.c, y.c)
        WHEN least(length(x.k), length(y.k)) = 1 THEN CASE WHEN left(x.k, 1) = left(y.k, 1) THEN least(x.c, y.c, 3) ELSE 0 END
        WHEN least(length(x.k), length(y.k)) >= 4 AND damerau_levenshtein(x.k, y.k) = 1 THEN greatest(least(x.c, y.c) - 3, 1)
        WHEN least(length(x.k), length(y.k)) >= 5 AND jaro_winkler_similarity(x.k, y.k) >= 0.92 THEN greatest(least(x.c, y.c) - 5, 0.5)
        ELSE 0 END""",
    "words_against(few, many) AS list_transform(few, lambda x: list_max(list_transform(many, lambda y: word_bits(x, y))))",
    """words_shared(l, r, text_l, text_r) AS CASE WHEN len(l) < len(r) OR (len(l) = len(r) AND text_l <= text_r)
        THEN words_against(l, r) ELSE words_against(r, l) END""",
    # 1 nothing alike … 14 the same words; 7 to 12: every word of the shorter name is found in the longer, by rarity. `least` and
    # `total`: bits shared by its words, the least of a word and all together; `near`: the names without spaces are two letters apart
    "name_rank_equal() AS 14",
    """name_rank(least_, total, near) AS CASE
        WHEN least_ > 0 AND total >= 18 THEN 12
        WHEN least_ > 0 AND total >= 14 THEN 11
        WHEN least_ > 0 AND total >= 11 THEN 10
        WHEN least_ > 0 AND total >= 8 THEN 9
        WHEN least_ > 0 AND total >= 5 THEN 8
        WHEN least_ > 0 THEN 7
        WHEN near THEN 6
        WHEN total >= 12 THEN 5
        WHEN total >= 8 THEN 4
        WHEN total >= 5 THEN 3
        WHEN total > 0 THEN 2
        ELSE 1 END""",
    "joined_near(l, r) AS least(length(l), length(r)) >= 8 AND damerau_levenshtein(l, r) <= 2",
    """name_level(l, r, text_l, text_r, loose_l, loose_r, joined_l, joined_r) AS
        CASE WHEN text_l = text_r THEN 14 WHEN loose_l = loose_r OR joined_l = joined_r THEN 13 ELSE
        list_transform([words_shared(l, r, text_l, text_r)],
            lambda v: name_rank(list_min(v), list_sum(v), joined_near(joined_l, joined_r)))[1] END""",
    # numbers of equal length with one digit wrong or two neighbours swapped (hamming first: it is far cheaper)
    "one_digit_off(l, r) AS CASE hamming(l, r) WHEN 1 THEN true WHEN 2 THEN damerau_levenshtein(l, r) = 1 ELSE false END",
    f"heaped(d) AS {_HEAPED.format(d='d')}",
    "digits_of(d) AS strftime(d, '%Y%m%d')",
    # both dates known to the day: 0 nothing … 8 equal
    """birth_level(l, r) AS CASE
        WHEN l = r THEN 8
        WHEN year(l) = year(r) AND month(l) = day(r) AND day(l) = month(r) THEN 7
        WHEN one_digit_off(digits_of(l), digits_of(r)) THEN 6
        WHEN year(l) = year(r) AND (heaped(l) OR heaped(r)) THEN 5
        WHEN year(l) = year(r) AND (month(l) = month(r) OR day(l) = day(r)) THEN 4
        WHEN month(l) = month(r) AND day(l) = day(r) AND abs(year(l) - year(r)) <= 2 THEN 4
        WHEN year(l) = year(r) THEN 3
        WHEN abs(year(l) - year(r)) = 1 THEN 2
        ELSE 1 END""",
    # one of the two known to the month, the year, or as an age
    """age_level(l, pl, r, pr) AS CASE
        WHEN pl <> 'age' AND pr <> 'age' AND pl <> 'year' AND pr <> 'year' THEN
            CASE WHEN year(l) = year(r) AND month(l) = month(r) THEN 5 WHEN year(l) = year(r) THEN 3
                WHEN abs(year(l) - year(r)) = 1 THEN 2 ELSE 1 END
        WHEN pl <> 'age' AND pr <> 'age' THEN
            CASE WHEN year(l) = year(r) THEN 4 WHEN abs(year(l) - year(r)) = 1 THEN 2 ELSE 1 END
        WHEN abs(date_diff('day', l, r)) <= CASE WHEN pl = pr THEN 370 ELSE 190 END THEN 4
        WHEN abs(date_diff('day', l, r)) <= 560 THEN 2
        ELSE 1 END""",
    # a stranger born in one place on one day has a like NIK: near NIKs of one birthday say little that the day has not said
    """nik_level(l, r, born_l, born_r, family_l, family_r) AS CASE WHEN l = r THEN 5
        WHEN one_digit_off(l, r) THEN CASE WHEN born_l = born_r THEN 3 ELSE 4 END
        WHEN family_l = family_r THEN 2 ELSE 1 END""",
    """family_level(kk_l, kk_r, family_l, family_r, guardian_l, guardian_r) AS CASE
        WHEN kk_l = kk_r OR family_l = family_r OR guardian_l = guardian_r THEN 3
        WHEN one_digit_off(kk_l, kk_r) THEN 2 ELSE 1 END""",
    "mother_rank_equal() AS 6",
    """mother_rank(least_, total, near) AS CASE
        WHEN least_ > 0 AND total >= 8 THEN 4
        WHEN least_ > 0 OR near THEN 3
        WHEN total >= 7 THEN 2
        ELSE 1 END""",
    """mother_level(l, r, text_l, text_r, loose_l, loose_r, joined_l, joined_r) AS
        CASE WHEN text_l = text_r THEN 6 WHEN loose_l = loose_r OR joined_l = joined_r THEN 5 ELSE
        list_transform([words_shared(l, r, text_l, text_r)],
            lambda v: mother_rank(list_min(v), list_sum(v), joined_near(joined_l, joined_r)))[1] END""",
    """adult_level(l, r) AS CASE WHEN list_has_any(l, r) THEN 3
        WHEN list_max(list_transform(l, lambda x: list_max(list_transform(r, lambda y: jaro_winkler_similarity(x, y))))) >= 0.92 THEN 2
        ELSE 1 END""",
    # by the year, so that what a record says does not change with each day's delivery
    "child_in_year(born, told) AS year(born) >= year(told) - 19",
    # no birth date, but all whom the feed is about are children (or adults): is the other one of them?
    """generation_level(group_l, at_l, born_r) AS CASE WHEN (group_l = 'anak') = child_in_year(born_r, at_l) THEN 2 ELSE 1 END""",
    """kecamatan_level(l, r) AS CASE WHEN l = r THEN 4 WHEN left(l, 5) = left(r, 5) THEN 3 WHEN left(l, 2) = left(r, 2) THEN 2
        ELSE 1 END""",
    """kabupaten_level(l, r, old_l, old_r) AS CASE WHEN l = r OR old_l = r OR l = old_r THEN 3
        WHEN left(l, 2) = left(r, 2) THEN 2 ELSE 1 END""",
    # the day in a NIK, women's days less 40
    """nik_day(nik) AS CASE WHEN substr(nik, 7, 1) >= '4' THEN CAST(CAST(substr(nik, 7, 1) AS INTEGER) - 4 AS VARCHAR)
        ELSE substr(nik, 7, 1) END
        || substr(nik, 8, 5)""",
    """names_of(a, b) AS
        name_level(a.nama_kata, b.nama_kata, a.nama, b.nama, a.nama_longgar, b.nama_longgar, a.nama_rapat, b.nama_rapat)""",
    # an equal NIK is believed when name and birth date agree; without a date the NIK's own will do. A parent's NIK always
    # agrees with the parent's date, and a child often bears a parent's name: a date that differs must speak
    """nik_guard(a, b) AS names_of(a, b) >= 6 AND CASE
        WHEN a.tanggal_lahir IS NULL OR b.tanggal_lahir IS NULL THEN nik_day(a.nik) = strftime(b.tanggal_lahir, '%d%m%y')
        WHEN a.presisi = 'day' THEN birth_level(a.tanggal_lahir, b.tanggal_lahir) >= 3
        ELSE age_level(a.tanggal_lahir, a.presisi, b.tanggal_lahir, b.presisi) >= 3 END""",
    # two records that cannot be one person: at least two of NIK, name, birth date and sex say so
    """contradicts(a, b) AS
        -- a parent's NIK on one of the rows is a clerk's shortcut, no contradiction
        CASE WHEN a.nik <> b.nik AND NOT one_digit_off(a.nik, b.nik)
            AND NOT coalesce(a.nik_keluarga = b.nik_keluarga, false) THEN 1 ELSE 0 END
        + coalesce(CAST(names_of(a, b) < 6 AS INTEGER), 0)
        + CASE WHEN a.presisi = 'day' AND b.presisi = 'day' AND birth_level(a.tanggal_lahir, b.tanggal_lahir) < 4 THEN 1 ELSE 0 END
        + coalesce(CAST(a.jenis_kelamin <> b.jenis_kelamin AS INTEGER), 0) >= 2""",
    "exp2_(x) AS pow(2.0, x)",
)


def create_level_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Temporary macros on the connection that the comparisons of `definition` call."""
    for macro in MACROS:
        con.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")
