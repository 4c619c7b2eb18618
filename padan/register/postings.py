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


@dataclass(frozen=True)
class Posting:
    """One posting list. `sql` gives (key, person_no) from a table or view `person` with the register's columns.

    `whole_family`: a key leads to every member of the person's family, and the list has one row a family: (key, person_no
    of the first member, anggota). `least`, `most`: sizes of a release that has the list. `signed`: in a crowded release the
    list also has `tanda`, the signature of the name. `keyed`: the same keys from the columns that the build has at hand.
    """

    name: str
    sql: str
    whole_family: bool = False
    least: int = 0
    most: int | None = None
    signed: bool = False
    keyed: str | None = None

    def fits(self, persons: int) -> bool:
        """Whether a release of so many persons has the list."""
        return self.least <= persons and (self.most is None or persons <= self.most)


_KAB = "substr(kode_kecamatan, 1, 5)"

POSTINGS: tuple[Posting, ...] = (
    Posting("nik", "SELECT number_key(nik) AS key, person_no FROM person WHERE nik IS NOT NULL", keyed="SELECT nik AS key, person_no"),
    Posting(
        "kk",
        "SELECT number_key(no_kk) AS key, person_no FROM person WHERE no_kk IS NOT NULL",
        whole_family=True,
        keyed="SELECT no_kk AS key, keluarga_no",
    ),
    Posting(
        "keluarga", "SELECT CAST(keluarga_no AS BIGINT) AS key, person_no FROM person WHERE keluarga_no IS NOT NULL", whole_family=True
    ),
    Posting(
        "nama_tanggal",
        """SELECT xor(name_key(nama_longgar), date_key(tanggal_lahir)) AS key, person_no FROM person
        WHERE nama IS NOT NULL AND tanggal_lahir IS NOT NULL""",
        least=CROWDED,
        keyed="SELECT xor(nama_key, tanggal_key) AS key, person_no",
    ),
    Posting(
        "nama_tempat_tahun",
        f"""SELECT xor(xor(name_key(nama_longgar), block_key({_KAB})), year_key(tanggal_lahir)) AS key, person_no FROM person
        WHERE nama IS NOT NULL AND tanggal_lahir IS NOT NULL AND kode_kecamatan IS NOT NULL""",
        least=CROWDED,
        keyed="SELECT xor(xor(nama_key, kab_key), tahun_key) AS key, person_no",
    ),
    Posting(
        "tanggal_tempat",
        f"""SELECT xor(date_key(tanggal_lahir), block_key({_KAB})) AS key, person_no FROM person
        WHERE tanggal_lahir IS NOT NULL AND kode_kecamatan IS NOT NULL""",
        signed=True,
        keyed="SELECT xor(tanggal_key, kab_key) AS key, person_no",
    ),
    Posting(
        "ibu_tempat",
        f"""SELECT xor(name_key(ibu_longgar), block_key({_KAB})) AS key, person_no FROM person
        WHERE ibu IS NOT NULL AND kode_kecamatan IS NOT NULL""",
        whole_family=True,
        keyed="SELECT xor(ibu_key, kab_key) AS key, keluarga_no",
    ),
    # words in any order, and run together as in NURAISYAH
    Posting(
        "nama",
        """SELECT unnest([name_key(nama), block_key(array_to_string(nama, ''))]) AS key, person_no FROM person WHERE nama IS NOT NULL""",
        most=5 * MILLION,
    ),
    Posting(
        "pasangan_kata",
        """SELECT words_key(a.kata + b.kata) AS key, person_no FROM (
            SELECT a, unnest(words) AS b, person_no FROM (SELECT unnest(words) AS a, words, person_no FROM (
                SELECT list_transform(nama_longgar, lambda t: {'t': t, 'kata': block_key(t)}) AS words, person_no FROM person)))
        WHERE a.t < b.t AND length(a.t) > 1 AND length(b.t) > 1""",
        most=CROWDED,
    ),
    Posting(
        "awalan_tanggal",
        """SELECT xor(block_key(left(t, 3)), date_key(tanggal_lahir)) AS key, person_no FROM (
        SELECT unnest(nama_longgar) AS t, tanggal_lahir, person_no FROM person WHERE tanggal_lahir IS NOT NULL) WHERE length(t) > 1""",
        most=CROWDED,
    ),
    Posting(
        "inisial_tanggal",
        """SELECT xor(block_key(name_initials(nama_longgar)), date_key(tanggal_lahir)) AS key, person_no FROM person
        WHERE tanggal_lahir IS NOT NULL AND nama IS NOT NULL""",
        most=CROWDED,
    ),
    Posting(
        "kata_tahun",
        """SELECT xor(block_key(t), year_key(tanggal_lahir)) AS key, person_no FROM (
        SELECT unnest(nama_longgar) AS t, tanggal_lahir, person_no FROM person WHERE tanggal_lahir IS NOT NULL) WHERE length(t) > 1""",
        most=MILLION,
    ),
    Posting(
        "kata_tempat_tahun",
        f"""SELECT xor(xor(block_key(t), block_key(kab)), year_key(tanggal_lahir)) AS key, person_no FROM (
        SELECT unnest(nama_longgar) AS t, {_KAB} AS kab, tanggal_lahir, person_no FROM person
        WHERE tanggal_lahir IS NOT NULL AND kode_kecamatan IS NOT NULL) WHERE length(t) > 1""",
        most=CROWDED,
    ),
    Posting(
        "ibu_tahun",
        """SELECT xor(name_key(ibu_longgar), year_key(tanggal_lahir)) AS key, person_no FROM person
        WHERE ibu IS NOT NULL AND tanggal_lahir IS NOT NULL""",
        most=CROWDED,
    ),
    Posting(
        "ibu_inisial",
        """SELECT xor(name_key(ibu_longgar), block_key(left(nama_longgar[1], 1))) AS key, person_no FROM person
        WHERE ibu IS NOT NULL AND nama IS NOT NULL""",
        most=CROWDED,
    ),
)

_MACROS = (
    f"block_key(x) AS CAST(md5_number_lower(x) & {KEY_MASK} AS BIGINT)",
    "number_key(x) AS TRY_CAST(x AS BIGINT)",
    # a sum of some words' keys, cut to 40 bits again
    f"words_key(total) AS CAST(total AS BIGINT) & {KEY_MASK}",
    "name_key(tokens) AS words_key(list_sum(list_transform(tokens, lambda t: block_key(t))))",
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


def posting_sql() -> dict[str, str]:
    """Name of each posting list and the SELECT (key BIGINT, person_no INTEGER) that fills it, from a table or view `person`."""
    return {posting.name: posting.sql for posting in POSTINGS}
