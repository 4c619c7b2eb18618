"""Indonesian names in SQL: one string, no surname, read into tokens and two keys.

Written from public knowledge of the spelling of Indonesian names (docs/method.md), not from any delivery. The strict
key undoes spelling only (old orthography, usual abbreviations, titles) and may block alone; the loose key also merges
letters that sound alike, and blocks only together with a date or a place. The same macros read the register at build
time and the records at night, so a key is equal on both sides or the build is older than the code.
Does not belong here: how alike two names are (padan.linkage.person_v1).
"""

from __future__ import annotations

import duckdb

#: Letters that look like Latin ones, and full-width forms: an accident of keyboards and of copied documents.
_TWINS = ("АВЕКМНОРСТХУІЈ" + "".join(chr(0xFF21 + i) for i in range(26)), "ABEKMHOPCTXYIJ" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ")

#: Digits that a scan or a keyboard puts for letters of their shape.
_DIGITS = ("0124568", "OIZASGB")

#: A number of its own (ANAK 2) is no word of a name; a lone 1 may be the I of I MADE.
_NUMBER = r"\b([0-9]*[2-9][0-9]*|[01]{2,})\b"

#: "Deceased", which stands before a name or after it.
_DECEASED = "ALM|ALMH|ALMARHUM|ALMARHUMAH"

#: Titles before a name: religious, academic, noble, courtesy, deceased. Never the whole name.
_TITLES = f"H|HJ|HAJI|HAJJAH|KH|DR|DRS|DRA|IR|PROF|R|RA|RR|RADEN|{_DECEASED}|SDR|SDRI|BPK|BAPAK|IBU|TN|NY|NN|AN|ANANDA"

#: What begins after a name: whose child it is, and what else they are called.
_AFTER = "BIN|BINTI|BINTE|ALIAS|ALS"

#: What stands where a name should be. A child in a case is often "ANAK KORBAN 1": that is no name.
_NO_NAME = (
    r"(ANAK|KORBAN|SAKSI|PELAKU|ABH|BAYI|BY|NY|NYONYA|TN|NN|X+|I+|TANPA NAMA|TIDAK (ADA|DIKETAHUI|TERISI)"
    r"|BELUM (ADA|DIBERI NAMA|DIKETAHUI)|NAMA|ANONIM|INISIAL|NULL|NONE|NA)"
)

_ABBREVIATED = {
    "MUHAMMAD": "MUH MOH MOCH MHD MHMD MUHD MOHD MUHAMAD MOHAMAD MOHAMMAD MOHAMED MOHAMMED MUHAMMED MUKHAMAD MUKHAMMAD MOKHAMAD MOKHAMMAD",
    "AHMAD": "AKHMAD AKHMAT AHMAT AHMED AHMD AKH",
    "ABDUL": "ABD ABDL ABDOL",
    "SITI": "SITTI STI",
    "NUR": "NOR",
}

#: Only in first place: elsewhere one letter is an initial of anything.
_ABBREVIATED_FIRST = {"MUHAMMAD": "M MD", "SITI": "ST", "ABDUL": "AB"}

_OLD_SPELLING = (("OE", "U"), ("TJ", "C"), ("DJ", "J"), ("SJ", "SY"), ("NJ", "NY"), ("CH", "KH"))

_ALIKE = (
    ("KH", "K"), ("SY", "S"), ("SH", "S"), ("TH", "T"), ("DH", "D"), ("PH", "F"), ("GH", "G"), ("DZ", "Z"), ("KS", "X"), ("Q", "K"),
    ("V", "F"), ("F", "P"), ("Z", "J"), ("D", "T"), ("B", "P"), ("Y", "I"), ("W", "U"), ("O", "U"), ("E", "I"),
)  # fmt: skip


def _replaced(expression: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for old, new in pairs:
        expression = f"replace({expression}, '{old}', '{new}')"
    return expression


def _whens(table: dict[str, str]) -> str:
    return " ".join(f"WHEN t IN ({', '.join(repr(w) for w in words.split())}) THEN '{full}'" for full, words in table.items())


def _single(expression: str) -> str:
    """Doubled letters once (RE2 has no back references)."""
    return f"array_to_string(list_filter(string_split({expression}, ''), lambda c, i: i = 1 OR c <> substr({expression}, i - 1, 1)), '')"


# what follows a comma, and numbers of their own, go before digits are read as letters
_UNNUMBERED = f"regexp_replace(upper(regexp_replace(raw, '^([^,]*[A-Za-z][^,]*),.*$', '\\1')), '{_NUMBER}', ' ', 'g')"

_PLAIN = f"""trim(regexp_replace(regexp_replace(translate(strip_accents({_UNNUMBERED}), '{_TWINS[0] + _DIGITS[0]}',
    '{_TWINS[1] + _DIGITS[1]}'), '[''`´’‘ʼ\u200b-\u200f\ufeff]', '', 'g'), '[^A-Z]+', ' ', 'g'))"""

_MACROS = (
    # upper-case Latin letters and single spaces; what follows a comma is a degree; an apostrophe joins (NUR'AINI)
    f"name_plain(raw) AS CASE WHEN regexp_full_match(raw, '[A-Z]+( [A-Z]+)*') THEN raw ELSE {_PLAIN} END",
    # without titles before the name, and without the father's name, other names or "deceased" after it
    f"""name_untitled(plain) AS regexp_replace(plain, '^(({_TITLES}) )+([A-Z]{{2}}.*)$', '\\3')""",
    f"""name_bare(plain) AS CASE WHEN contains(plain, ' BIN') OR contains(plain, ' AL')
        THEN regexp_replace(name_untitled(plain), '^(.+?) (({_AFTER})( .*)?|{_DECEASED})$', '\\1') ELSE name_untitled(plain) END""",
    f"name_absent(bare) AS regexp_full_match(bare, '({_NO_NAME}( |$))*')",
    # a single letter is an abbreviation in first place only: elsewhere it is an initial of anything
    f"word_first(t, n) AS CASE WHEN n < 2 THEN t {_whens(_ABBREVIATED_FIRST)} ELSE t END",
    f"token_spelled(t) AS {_replaced('t', _OLD_SPELLING)}",
    f"token_full(t) AS CASE {_whens(_ABBREVIATED)} ELSE t END",
    f"token_alike(t) AS {_replaced('t', _ALIKE)}",
    f"token_single(t) AS {_single('t')}",
    # H is silent unless it opens the word
    "token_mute(t) AS concat(substr(t, 1, 1), replace(substr(t, 2), 'H', ''))",
)

#: Words of a name beyond these are not compared (60 letters hold rarely more than six).
WORDS = 8

#: Words that make a name worth a second look: titles, what begins after a name, no name at all, abbreviations in first place.
_SPECIAL = "|".join(
    (
        _TITLES,
        _AFTER,
        "ANAK|KORBAN|SAKSI|PELAKU|ABH|BAYI|BY|NY|NYONYA|TN|NN|X+|I+|TANPA|NAMA|TIDAK|ADA|DIKETAHUI|TERISI|BELUM|DIBERI|ANONIM|INISIAL"
        "|NULL|NONE|NA",
        *(words.replace(" ", "|") for words in _ABBREVIATED_FIRST.values()),
    )
)

#: SQL: a name that is nothing but such words, one space between two, has them as its words; any other name is read by `tokenize`.
ORDINARY_WORD = f"regexp_full_match(word, '[A-Z]+') AND NOT regexp_full_match(word, '{_SPECIAL}')"


#: More columns of a spelled word: what keys are made of; needs the macros of padan.register.postings.
_WORD_KEYS = """, block_key(strict) AS strict_keys, block_key(loose) AS kata,
    CASE WHEN length(loose) > 1 THEN block_key(left(loose, 3)) END AS awalan"""


def create_name_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Temporary macros on the connection, for `tokenize`."""
    for macro in _MACROS:
        con.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")


def token_sql(words: str) -> str:
    """SELECT of (word, strict, loose): the two keys of each row of `words(word)`."""
    return f"""SELECT word, strict, CASE WHEN length(strict) = 1 THEN token_alike(strict) ELSE token_single(token_mute(alike)) END AS loose
        FROM (SELECT word, strict, token_alike(token_single(strict)) AS alike
            FROM (SELECT word, token_full(token_spelled(word)) AS strict FROM ({words})))"""


def tokenize(con: duckdb.DuckDBPyConnection, source: str, target: str, *, keyed: bool = False) -> None:
    """`target(id, strict VARCHAR[], loose VARCHAR[])`: one row per row of `source(id, raw)` that holds a name.

    Tokens are in the order of the name. Each distinct word is worked on once: string work a row does not scale. `keyed`: also what
    keys are made of (padan.register.postings), word by word: strict_keys, kata (loose), awalan (loose; NULL for a single letter).
    """
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE name_word AS
        SELECT id, list_concat([word_first(w[1], len(w))], w[2:{WORDS}]) AS w FROM (
            SELECT id, string_split(bare, ' ') AS w FROM (SELECT id, name_bare(name_plain(raw)) AS bare FROM ({source})
            WHERE raw IS NOT NULL) WHERE NOT name_absent(bare))"""
    )
    tokens = token_sql("SELECT DISTINCT unnest(w) AS word FROM name_word")
    con.execute(f"CREATE OR REPLACE TEMP TABLE name_token AS SELECT *{_WORD_KEYS if keyed else ''} FROM ({tokens})")
    columns = ("strict", "loose", *(("strict_keys", "kata", "awalan") if keyed else ()))
    joins = " ".join(f"LEFT JOIN name_token t{i} ON t{i}.word = w[{i}]" for i in range(1, WORDS + 1))
    lists = ", ".join(f"[{', '.join(f't{i}.{key}' for i in range(1, WORDS + 1))}][1:len(w)] AS {key}" for key in columns)
    con.execute(f"CREATE OR REPLACE TABLE {target} AS SELECT id, {lists} FROM name_word {joins}")
    for scaffold in ("name_word", "name_token"):
        con.execute(f"DROP TABLE {scaffold}")
