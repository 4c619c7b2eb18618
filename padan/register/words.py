"""The words of a release's names: each once, with a number, so that a name is a short list of numbers and string work is done a word.

Tables: `token(token_no, strict, loose, strict_key, loose_key, tanda)`, one row a spelled word; `word(word, token_no)`, while
building, the ordinary words as they stand in names. Does not belong here: how a word is spelled (names).
"""

from __future__ import annotations

import duckdb

from padan.register.names import ORDINARY_WORD, WORDS, token_sql, tokenize

#: Words that are looked up while a name passes by; longer names are few and take the other way.
_PASSING = 4


def create_word_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Empty `token` and `word`."""
    con.execute(
        """CREATE TABLE token (token_no INTEGER, strict VARCHAR, loose VARCHAR, strict_key BIGINT, loose_key BIGINT, tanda INTEGER)"""
    )
    con.execute("CREATE TABLE word (word VARCHAR, token_no INTEGER)")


def learn_words(con: duckdb.DuckDBPyConnection, names: str) -> None:
    """Add the ordinary words of `names(raw)` that are new, by alphabet."""
    # known words leave before they are sorted out: after the first segment that is nearly all of them
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE fresh AS SELECT DISTINCT word
        FROM (SELECT unnest(string_split(raw, ' ')) AS word FROM ({names})) ANTI JOIN word USING (word)"""
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE fresh_word AS {token_sql(f'SELECT word FROM fresh WHERE {ORDINARY_WORD}')}")
    _number(con, "fresh_word")
    con.execute("INSERT INTO word SELECT word, token_no FROM fresh_word JOIN token USING (strict) ORDER BY word")
    con.execute(
        """CREATE OR REPLACE TEMP TABLE known_word AS SELECT word, token_no, strict_key, loose_key, tanda
        FROM word JOIN token USING (token_no)"""
    )


def read_names(con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """`target(id, tokens, same, key, tanda)`, one row a row of `source(id, raw)` that holds a name, whose words were learnt.

    tokens: INTEGER[] of token numbers; same: key of the strict words; key: of the loose ones; tanda: their signature.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS {_passing(source)}")
    # a table of their own, else the long way's conditions would be tried on every name
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE unread AS SELECT s.id, s.raw FROM ({source}) s JOIN {target} p USING (id) WHERE p.tokens IS NULL"
    )
    _spell(con, "FROM unread")
    con.execute(f"DELETE FROM {target} WHERE tokens IS NULL")
    joins = " ".join(f"LEFT JOIN token t{i} ON t{i}.strict = s.strict[{i}]" for i in range(1, WORDS + 1))
    numbers = ", ".join(f"t{i}.token_no" for i in range(1, WORDS + 1))
    con.execute(
        f"""INSERT INTO {target} SELECT s.id, [{numbers}][1:len(s.strict)], name_key(s.strict), name_key(s.loose), name_signature(s.loose)
        FROM spelled s {joins}"""
    )
    for scaffold in ("unread", "spelled"):
        con.execute(f"DROP TABLE {scaffold}")


def _passing(source: str) -> str:
    """SELECT of what `read_names` gives for names of a few ordinary words; tokens is NULL for the others.

    Only numbers and single words pass through the look-ups: what else is carried along costs more than they do.
    """
    places = range(1, _PASSING + 1)
    words = ", ".join(f"words[{i}] AS w{i}" for i in places)
    joins = " ".join(f"LEFT JOIN known_word k{i} ON k{i}.word = w{i}" for i in places)
    known = f"n <= {_PASSING} AND n = " + " + ".join(f"CAST(k{i}.token_no IS NOT NULL AS INTEGER)" for i in places)
    numbers = ", ".join(f"k{i}.token_no" for i in places)
    same, keys = (" + ".join(f"coalesce(k{i}.{key}, 0)" for i in places) for key in ("strict_key", "loose_key"))
    marks = " | ".join(f"coalesce(k{i}.tanda, 0)" for i in places)
    return f"""SELECT id, CASE WHEN {known} THEN [{numbers}][1:n] END AS tokens, words_key({same}) AS same, words_key({keys}) AS key,
            {marks} AS tanda
        FROM (SELECT id, len(words) AS n, {words} FROM (SELECT id, string_split(raw, ' ') AS words FROM ({source}) WHERE raw IS NOT NULL))
        {joins}"""


def _spell(con: duckdb.DuckDBPyConnection, source: str) -> None:
    """`spelled(id, strict, loose)` of names read the long way; their words get numbers."""
    tokenize(con, source, "spelled")
    con.execute(
        """CREATE OR REPLACE TEMP TABLE fresh_token AS SELECT DISTINCT unnest(strict) AS strict, unnest(loose) AS loose FROM spelled"""
    )
    _number(con, "fresh_token")


def _number(con: duckdb.DuckDBPyConnection, fresh: str) -> None:
    """Give a number to every spelled word of `fresh(strict, loose)` that has none yet."""
    con.execute(
        f"""INSERT INTO token SELECT row_number() OVER (ORDER BY strict) + (SELECT coalesce(max(token_no), 0) FROM token) AS token_no,
            strict, loose, block_key(strict), block_key(loose), word_signature(loose)
        FROM (SELECT DISTINCT strict, loose FROM {fresh}) ANTI JOIN token USING (strict) ORDER BY token_no"""
    )
