"""Posting lists: for each blocking rule, key → persons. Keys are whole numbers that any engine computes alike.

A text gives 40 bits of MD5, a name the sum of its words' keys (so their order does not matter), a combination the XOR of
its parts, and a NIK or KK its own number. A false hit is one more candidate, never a missed one. Error variants are
made on the side of the records (padan.linkage.rules), so that the register needs one key a person and rule.
Which lists a release has depends on its size: a block that is small among thousands is a crowd among millions.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

KEY_MASK = (1 << 40) - 1

#: Bits of a name's signature: one of these is set for the first two letters of each word.
SIGNATURE_BITS = 31

#: Persons up to which a release has the lists of loose rules, and from which candidates of one day and place need a like name.
MILLION = 1_000_000
CROWDED = 2 * MILLION


#: What keys are made of, from the columns of a register's `person`: a SELECT list. Words of one letter are in no key of words.
PARTS = """person_no, keluarga_no, number_key(nik) AS nik, number_key(no_kk) AS no_kk, name_key(nama_longgar) AS nama_key,
    name_key(ibu_longgar) AS ibu_key, date_key(tanggal_lahir) AS tanggal_key, year_key(tanggal_lahir) AS tahun_key,
    block_key(substr(kode_kecamatan, 1, 5)) AS kab_key, name_key(nama) AS sama_key, block_key(array_to_string(nama, '')) AS rapat_key,
    block_key(name_initials(nama_longgar)) AS inisial_key, block_key(left(nama_longgar[1], 1)) AS huruf_key,
    list_transform(long_words(nama_longgar), lambda t: block_key(t)) AS kata,
    list_transform(long_words(nama_longgar), lambda t: block_key(left(t, 3))) AS awalan"""


@dataclass(frozen=True)
class Posting:
    """One posting list. `key`: SQL over PARTS, absent where a part of it is, or one row a key (unnest).

    `whole_family`: a key leads to every member of the person's family, and the list has one row a family: (key, person_no
    of the first member, anggota). `least`, `most`: sizes of a release that has the list. `signed`: in a crowded release the
    list also has `tanda`, the signature of the name.
    """

    name: str
    key: str
    whole_family: bool = False
    least: int = 0
    most: int | None = None
    signed: bool = False

    @property
    def sql(self) -> str:
        """SELECT (key BIGINT, person_no INTEGER) from a table or view `person` with the register's columns."""
        return f"SELECT {self.key} AS key, person_no FROM (SELECT {PARTS} FROM person)"

    def fits(self, persons: int) -> bool:
        """Whether a release of so many persons has the list."""
        return self.least <= persons and (self.most is None or persons <= self.most)


POSTINGS: tuple[Posting, ...] = (
    Posting("nik", "nik"),
    Posting("kk", "no_kk", whole_family=True),
    Posting("keluarga", "CAST(keluarga_no AS BIGINT)", whole_family=True),
    Posting("nama_tanggal", "xor(nama_key, tanggal_key)", least=CROWDED),
    Posting("nama_tempat_tahun", "xor(xor(nama_key, kab_key), tahun_key)", least=CROWDED),
    Posting("tanggal_tempat", "xor(tanggal_key, kab_key)", signed=True),
    Posting("ibu_tempat", "xor(ibu_key, kab_key)", whole_family=True),
    # words in any order, and run together as in NURAISYAH
    Posting("nama", "unnest([sama_key, rapat_key])", most=5 * MILLION),
    Posting("pasangan_kata", "unnest(pair_keys(kata))", most=CROWDED),
    Posting("awalan_tanggal", "xor(unnest(awalan), tanggal_key)", most=CROWDED),
    Posting("inisial_tanggal", "xor(inisial_key, tanggal_key)", most=CROWDED),
    Posting("kata_tahun", "xor(unnest(kata), tahun_key)", most=MILLION),
    Posting("kata_tempat_tahun", "xor(xor(unnest(kata), kab_key), tahun_key)", most=CROWDED),
    Posting("ibu_tahun", "xor(ibu_key, tahun_key)", most=CROWDED),
    Posting("ibu_inisial", "xor(ibu_key, huruf_key)", most=CROWDED),
)

_MACROS = (
    f"block_key(x) AS CAST(md5_number_lower(x) & {KEY_MASK} AS BIGINT)",
    "number_key(x) AS TRY_CAST(x AS BIGINT)",
    # a sum of some words' keys, cut to 40 bits again
    f"words_key(total) AS CAST(total AS BIGINT) & {KEY_MASK}",
    "name_key(tokens) AS words_key(list_sum(list_transform(tokens, lambda t: block_key(t))))",
    "long_words(tokens) AS list_filter(tokens, lambda t: length(t) > 1)",
    # of each two different words
    """pair_keys(kata) AS flatten(list_transform(kata, lambda a: list_transform(list_filter(kata, lambda b: b > a),
        lambda b: words_key(a + b))))""",
    "date_key(d) AS block_key(CAST(CAST(d AS DATE) AS VARCHAR))",
    "year_key(d) AS block_key(CAST(year(d) AS VARCHAR))",
    "name_initials(tokens) AS array_to_string(list_sort(list_transform(tokens, lambda t: left(t, 1))), '')",
    "name_sorted(tokens) AS array_to_string(list_sort(tokens), ' ')",
    f"word_signature(t) AS CAST(1 << (block_key(left(t, 2)) % {SIGNATURE_BITS}) AS INTEGER)",
    "name_signature(tokens) AS CAST(list_bit_or(list_transform(tokens, lambda t: word_signature(t))) AS INTEGER)",
)


def create_key_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Temporary macros on the connection: `block_key(text)`, `name_key(tokens)`, `date_key`, `year_key`, `name_signature` and their kin."""
    for macro in _MACROS:
        con.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")
