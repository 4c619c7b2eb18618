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
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE fresh_word AS {
            token_sql(
                f'''SELECT word FROM (SELECT DISTINCT unnest(string_split(raw, ' ')) AS word FROM ({names})) ANTI JOIN word USING (word)
                WHERE {ORDINARY_WORD}'''
            )
        }"""
    )
    _number(con, "fresh_word")
    con.execute("INSERT INTO word SELECT word, token_no FROM fresh_word JOIN token USING (strict) ORDER BY word")
    con.execute(
        """CREATE OR REPLACE TEMP TABLE known_word AS SELECT word, token_no, strict_key, loose_key, tanda
        FROM word JOIN token USING (token_no)"""
    )


def passing(column: str, alias: str) -> tuple[str, str]:
    """SELECT list and JOIN clauses that read the ordinary names of `column(s)` (words, VARCHAR[]) of the relation they join.

    Gives `{alias}` (INTEGER[] of token numbers; NULL for a name to be read by `learn_names`), and with it `{alias}_same` (key of the
    strict words), `{alias}_key` (of the loose ones) and `{alias}_tanda` (their signature).
    """
    words = [f"{alias}{i}" for i in range(1, _PASSING + 1)]
    joins = " ".join(f"LEFT JOIN known_word {w} ON {w}.word = {column}[{i}]" for i, w in enumerate(words, 1))
    known = f"len({column}) <= {_PASSING} AND len({column}) = " + " + ".join(f"CAST({w}.token_no IS NOT NULL AS INTEGER)" for w in words)
    numbers = ", ".join(f"{w}.token_no" for w in words)
    same, keys = (" + ".join(f"coalesce({w}.{key}, 0)" for w in words) for key in ("strict_key", "loose_key"))
    marks = " | ".join(f"coalesce({w}.tanda, 0)" for w in words)
    read = {"": f"[{numbers}][1:len({column})]", "_same": f"words_key({same})", "_key": f"words_key({keys})", "_tanda": marks}
    return ", ".join(f"CASE WHEN {known} THEN {sql} END AS {alias}{suffix}" for suffix, sql in read.items()), joins


def learn_names(con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """`target(id, tokens, same, key, tanda)`, one row a row of `source(id, raw)` that holds a name: the long way, for few names."""
    tokenize(con, source, "spelled")
    con.execute(
        """CREATE OR REPLACE TEMP TABLE fresh_token AS SELECT DISTINCT unnest(strict) AS strict, unnest(loose) AS loose FROM spelled"""
    )
    _number(con, "fresh_token")
    joins = " ".join(f"LEFT JOIN token t{i} ON t{i}.strict = s.strict[{i}]" for i in range(1, WORDS + 1))
    numbers = ", ".join(f"t{i}.token_no" for i in range(1, WORDS + 1))
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {target} AS SELECT s.id, [{numbers}][1:len(s.strict)] AS tokens,
        name_key(s.strict) AS same, name_key(s.loose) AS key, name_signature(s.loose) AS tanda FROM spelled s {joins}"""
    )
    con.execute("DROP TABLE spelled")


def _number(con: duckdb.DuckDBPyConnection, fresh: str) -> None:
    """Give a number to every spelled word of `fresh(strict, loose)` that has none yet."""
    con.execute(
        f"""INSERT INTO token SELECT row_number() OVER (ORDER BY strict) + (SELECT coalesce(max(token_no), 0) FROM token) AS token_no,
            strict, loose, block_key(strict), block_key(loose), word_signature(loose)
        FROM (SELECT DISTINCT strict, loose FROM {fresh}) ANTI JOIN token USING (strict) ORDER BY token_no"""
    )
