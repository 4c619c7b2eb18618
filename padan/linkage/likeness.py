"""How alike the names of many pairs are, word by word in sets: each two words are compared once, however many pairs meet in them.

The levels are those of person_v1.levels, or higher where a level would need the whole name: enough for a bound, not for a weight.
Words whose letters differ by more than word_bits or joined_near could bridge are never spelled out against each other.
"""

from __future__ import annotations

import duckdb

#: Letters of a word or name as bits: strings that are n letters apart differ in 2n bits at most, whichever letters share a bit.
_LETTERS = "CAST(list_bit_or(list_transform(string_split({text}, ''), lambda c: CAST(1 AS UINTEGER) << (ascii(c) % 32))) AS UINTEGER)"

#: What two words are told apart by at sight: their letters, a hash of their loose forms, and by how many letters they may differ: one,
#: or what Jaro and Winkler's 0.92 allows (two fifths of the longer word without a counterpart). An initial may stand for any word.
_SEEN = f"""{_LETTERS.format(text="kata.k")} AS letters, CAST(hash(kata.l) & 4294967295 AS UINTEGER) AS loose,
    CAST(CASE WHEN length(kata.k) = 1 THEN 32 ELSE least(32, greatest(2, 2 * length(kata.k) // 5)) END AS TINYINT) AS apart"""

# Words of both sides, numbered: on the record's side as it has them, on the register's by its own numbers.
_OWN_WORD = f"""
CREATE OR REPLACE TABLE own_word AS SELECT *, {_SEEN}
FROM (SELECT rec_no, i, kata, CAST(dense_rank() OVER (ORDER BY kata.k) AS INTEGER) AS word_no
    FROM (SELECT unique_id AS rec_no, unnest({{column}}_kata) AS kata, CAST(generate_subscripts({{column}}_kata, 1) AS INTEGER) AS i
        FROM record_model SEMI JOIN (SELECT rec_no AS unique_id FROM doubtful) USING (unique_id)))
"""

_THEIR_WORD = f"""
CREATE OR REPLACE TABLE their_word AS SELECT person_no, token_no, j, kata, letters, loose, apart
FROM (SELECT person_no, unnest({{column}}) AS token_no, CAST(generate_subscripts({{column}}, 1) AS INTEGER) AS j
    FROM chosen_row SEMI JOIN doubtful USING (person_no) WHERE {{column}} IS NOT NULL)
JOIN (SELECT token_no, kata, {_SEEN} FROM word_bits_of) USING (token_no)
"""

_MET = """
CREATE OR REPLACE TABLE met AS SELECT d.rec_no, d.person_no, o.i, o.word_no, t.j, t.token_no
FROM doubtful d JOIN own_word o USING (rec_no) JOIN their_word t USING (person_no)
WHERE o.loose = t.loose OR bit_count(xor(o.letters, t.letters)) <= greatest(o.apart, t.apart)
"""

_WORD_PAIR = """
CREATE OR REPLACE TABLE word_pair AS SELECT *, CASE WHEN x.k = y.k THEN 2 WHEN x.l = y.l THEN 1 ELSE 0 END AS same
FROM (SELECT word_no, token_no, x, y, word_bits(x, y) AS bits
    FROM (SELECT DISTINCT word_no, token_no FROM met)
    JOIN (SELECT DISTINCT word_no, kata AS x FROM own_word) USING (word_no)
    JOIN (SELECT DISTINCT token_no, kata AS y FROM their_word) USING (token_no))
WHERE bits > 0
"""

# Each word of one side with its best counterpart on the other; then the whole name. Words without one are not here.
_SIDE = """
SELECT rec_no, person_no, count(*) AS matched, min(bits) AS least, sum(bits) AS total, min(same) AS same
FROM (SELECT rec_no, person_no, {place}, max(bits) AS bits, max(same) AS same FROM shared GROUP BY ALL) GROUP BY ALL
"""

_NAME = """
SELECT {key}, count(*) AS words, CAST(sum(length(kata.k)) AS INTEGER) AS size, bit_or(letters) AS letters FROM {table} GROUP BY 1
"""

# Names without spaces that may be two letters apart: the words of such names need not be alike.
_MAYBE = """
CREATE OR REPLACE TABLE maybe AS SELECT d.rec_no, d.person_no
FROM doubtful d JOIN own_name o USING (rec_no) JOIN their_name t USING (person_no)
WHERE abs(o.size - t.size) <= 2 AND bit_count(xor(o.letters, t.letters)) <= 4
    AND (least(o.size, t.size) >= 8 OR (o.size = t.size AND o.letters = t.letters))
"""

_NEAR = """
CREATE OR REPLACE TABLE near AS SELECT rec_no, person_no, o.joined = t.joined AS equal,
    CASE WHEN o.joined = t.joined THEN true ELSE joined_near(o.joined, t.joined) END AS near
FROM maybe JOIN ({own}) o USING (rec_no) JOIN ({their}) t USING (person_no)
"""

_JOINED = """
SELECT {key}, array_to_string(list_transform(list_sort(list({{'i': {place}, 'k': kata.k}})), lambda w: w.k), '') AS joined
FROM {table} SEMI JOIN maybe USING ({key}) GROUP BY 1
"""

_LIKENESS = """
CREATE OR REPLACE TABLE {column}_likeness AS
SELECT rec_no, person_no, CASE WHEN same = 2 THEN {rank}_equal() WHEN same = 1 OR equal THEN {rank}_equal() - 1 ELSE greatest(
        CASE WHEN own <= their THEN {rank}(l_least, l_total, near) ELSE 1 END,
        CASE WHEN their <= own THEN {rank}(r_least, r_total, near) ELSE 1 END) END AS level
FROM (SELECT rec_no, person_no, o.words AS own, t.words AS their, coalesce(n.near, false) AS near, coalesce(n.equal, false) AS equal,
        CASE WHEN l.matched = o.words THEN l.least ELSE 0 END AS l_least, coalesce(l.total, 0) AS l_total,
        CASE WHEN r.matched = t.words THEN r.least ELSE 0 END AS r_least, coalesce(r.total, 0) AS r_total,
        CASE WHEN l.matched = o.words AND r.matched = t.words AND o.words = t.words THEN least(l.same, r.same) ELSE 0 END AS same
    FROM (SELECT DISTINCT rec_no, person_no FROM shared UNION SELECT rec_no, person_no FROM near WHERE near OR equal)
    JOIN own_name o USING (rec_no) JOIN their_name t USING (person_no) LEFT JOIN ({left}) l USING (rec_no, person_no)
    LEFT JOIN ({right}) r USING (rec_no, person_no) LEFT JOIN near n USING (rec_no, person_no))
"""


_SIDES = (("own", "rec_no", "i"), ("their", "person_no", "j"))


def compare_words(con: duckdb.DuckDBPyConnection, column: str, rank: str) -> None:
    """Make `<column>_likeness(rec_no, person_no, level)` of the pairs in `doubtful` whose names have anything in common.

    `rank`: macro (least, total, near) → level code, of person_v1.levels; `<rank>_equal()` is the code of equal names. A pair
    that is not there, though both have the name, is of level 1.
    """
    for sql in (_OWN_WORD, _THEIR_WORD, _MET, _WORD_PAIR):
        con.execute(sql.format(column=column))
    con.execute("CREATE OR REPLACE TABLE shared AS SELECT met.*, bits, same FROM met JOIN word_pair USING (word_no, token_no)")
    con.execute("DROP TABLE met")
    con.execute(f"CREATE OR REPLACE TABLE own_name AS {_NAME.format(key='rec_no', table='own_word')}")
    con.execute(f"CREATE OR REPLACE TABLE their_name AS {_NAME.format(key='person_no', table='their_word')}")
    con.execute(_MAYBE)
    joined = {side: _JOINED.format(key=key, place=place, table=f"{side}_word") for side, key, place in _SIDES}
    con.execute(_NEAR.format(**joined))
    con.execute(_LIKENESS.format(column=column, rank=rank, left=_SIDE.format(place="i"), right=_SIDE.format(place="j")))
    for scaffold in ("own_word", "their_word", "word_pair", "shared", "own_name", "their_name", "maybe", "near"):
        con.execute(f"DROP TABLE {scaffold}")
