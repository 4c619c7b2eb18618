"""Blocking rules, seen from the record: which keys it looks up in which posting list. Error variants are made here.

A rule is one SELECT (rec_no, key) over `seek` and its token tables: the records that look for someone
(candidates.seeking). More keys a record, one key a register person: the register's index does not grow with the kinds
of error that we look for.
"""

from __future__ import annotations

from dataclasses import dataclass

# every NIK one digit away, and every pair of neighbours swapped; a spreadsheet's last digit is among them
_NIK_DAMAGED = """
SELECT rec_no, number_key(v) AS key FROM (
    SELECT rec_no, substr(nik, 1, i - 1) || d || substr(nik, i + 1) AS v FROM seek, range(1, 17) p(i), range(10) q(d) WHERE nik IS NOT NULL
    UNION ALL
    SELECT rec_no, substr(nik, 1, i - 1) || substr(nik, i + 1, 1) || substr(nik, i, 1) || substr(nik, i + 2) FROM seek, range(1, 16) p(i)
    WHERE nik IS NOT NULL) v
JOIN seek USING (rec_no) WHERE v <> nik
"""

# Parts of keys are hashed here, before they are joined: a record without a date has a hundred years, and each its names and places.

#: The day as written, with day and month swapped, and a year off by one; every day of a month that is all we know.
_DATES = """
SELECT rec_no, date_key(d) AS hari FROM (
    SELECT rec_no, d FROM (SELECT rec_no, unnest([tanggal_lahir, try_cast(strftime(tanggal_lahir, '%Y-%d-%m') AS DATE),
        CAST(tanggal_lahir + INTERVAL 1 YEAR AS DATE), CAST(tanggal_lahir - INTERVAL 1 YEAR AS DATE)]) AS d
        FROM seek WHERE presisi = 'day') WHERE d IS NOT NULL
    UNION
    SELECT rec_no, CAST(date_trunc('month', tanggal_lahir) AS DATE) + CAST(i AS INTEGER) FROM seek, range(31) t(i) WHERE presisi = 'month')
"""

#: The year as known and one either side.
_YEARS = """
SELECT rec_no, block_key(y) AS tahun FROM (
    SELECT DISTINCT rec_no, CAST(year(tanggal_lahir) + CAST(i AS INTEGER) AS VARCHAR) AS y FROM seek, range(-1, 2) t(i)
    WHERE tanggal_lahir IS NOT NULL)
"""

#: With no date at all, every year that anyone may be born in.
_ANY_YEARS = f"""{_YEARS} UNION ALL
SELECT rec_no, block_key(CAST(year(tanggal_acuan) - CAST(i AS INTEGER) AS VARCHAR)) FROM seek, range(100) t(i) WHERE tanggal_lahir IS NULL
"""

_PLACES = """
SELECT rec_no, block_key(k) AS kab FROM (SELECT DISTINCT rec_no, unnest([kode_kabupaten, kode_kabupaten_lama]) AS k FROM seek)
WHERE k IS NOT NULL
"""

_WORDS = "SELECT rec_no, t, block_key(t) AS kata FROM (SELECT DISTINCT id AS rec_no, unnest(loose) AS t FROM seek_nama)"

#: A name as it is, and with each of its words left out: the register may have fewer words than the record.
_NAMES = """
SELECT id AS rec_no, name_key(loose) AS name FROM seek_nama
UNION
SELECT id, words_key(name_key(loose) + (1::BIGINT << 40) - block_key(unnest(loose))) FROM seek_nama WHERE len(loose) > 2
"""

#: A guardian of a child is the mother more often than anyone else.
_MOTHERS = "SELECT id AS rec_no, name_key(loose) AS ibu FROM seek_ibu UNION SELECT id, name_key(loose) FROM seek_wali"


@dataclass(frozen=True)
class Rule:
    """One way from a record to register persons: `sql` gives (rec_no, key) for posting list `posting`.

    A release that has no such list (padan.register.postings says which sizes have it) is searched by the other rules.
    """

    name: str
    posting: str
    title: str
    sql: str


RULES: tuple[Rule, ...] = (
    Rule("nik", "nik", "NIK sama", "SELECT rec_no, number_key(nik) AS key FROM seek"),
    Rule("nik_rusak", "nik", "NIK beda satu angka atau tertukar", _NIK_DAMAGED),
    Rule("kk", "kk", "nomor KK sama", "SELECT rec_no, number_key(no_kk) AS key FROM seek"),
    Rule(
        "keluarga",
        "keluarga",
        "keluarga dari NIK atau NIK wali",
        "SELECT rec_no, CAST(unnest([keluarga, nik_keluarga]) AS BIGINT) AS key FROM seek_family",
    ),
    Rule(
        "nama_tanggal",
        "nama_tanggal",
        "nama dan tanggal lahir",
        f"SELECT rec_no, xor(name, hari) AS key FROM ({_NAMES}) JOIN ({_DATES}) USING (rec_no)",
    ),
    Rule(
        "nama_tempat_tahun",
        "nama_tempat_tahun",
        "nama, kabupaten dan tahun lahir",
        f"SELECT rec_no, xor(xor(name, kab), tahun) AS key FROM ({_NAMES}) JOIN ({_PLACES}) USING (rec_no) "
        f"JOIN ({_ANY_YEARS}) USING (rec_no)",
    ),
    Rule(
        "nama",
        "nama",
        "nama sama",
        "SELECT id AS rec_no, unnest([name_key(strict), block_key(array_to_string(strict, ''))]) AS key FROM seek_nama",
    ),
    Rule(
        "pasangan_kata",
        "pasangan_kata",
        "dua kata nama",
        f"SELECT a.rec_no, words_key(a.kata + b.kata) AS key FROM ({_WORDS}) a JOIN ({_WORDS}) b ON a.rec_no = b.rec_no AND a.t < b.t "
        "WHERE length(a.t) > 1 AND length(b.t) > 1",
    ),
    Rule(
        "awalan_tanggal",
        "awalan_tanggal",
        "awal satu kata nama dan tanggal lahir",
        f"SELECT rec_no, xor(block_key(left(t, 3)), hari) AS key FROM ({_WORDS}) JOIN ({_DATES}) USING (rec_no) WHERE length(t) > 1",
    ),
    Rule(
        "inisial_tanggal",
        "inisial_tanggal",
        "inisial dan tanggal lahir",
        f"SELECT rec_no, xor(block_key(name_initials(loose)), hari) AS key FROM seek_nama JOIN ({_DATES}) ON rec_no = id",
    ),
    Rule(
        "kata_tahun",
        "kata_tahun",
        "satu kata nama dan tahun lahir",
        f"SELECT rec_no, xor(kata, tahun) AS key FROM ({_WORDS}) JOIN ({_YEARS}) USING (rec_no) JOIN seek USING (rec_no) "
        "WHERE length(t) > 1 AND (kode_kabupaten IS NULL OR presisi <> 'day' OR heaped(tanggal_lahir))",
    ),
    Rule(
        "kata_tempat_tahun",
        "kata_tempat_tahun",
        "satu kata nama, kabupaten dan tahun lahir",
        f"SELECT rec_no, xor(xor(kata, kab), tahun) AS key FROM ({_WORDS}) JOIN ({_PLACES}) USING (rec_no) "
        f"JOIN ({_ANY_YEARS}) USING (rec_no) WHERE length(t) > 1",
    ),
    Rule(
        "tanggal_tempat",
        "tanggal_tempat",
        "tanggal lahir dan kabupaten",
        f"SELECT rec_no, xor(hari, kab) AS key FROM ({_DATES}) JOIN ({_PLACES}) USING (rec_no)",
    ),
    Rule(
        "ibu_tempat",
        "ibu_tempat",
        "nama ibu atau wali dan kabupaten",
        f"SELECT rec_no, xor(ibu, kab) AS key FROM ({_MOTHERS}) JOIN ({_PLACES}) USING (rec_no)",
    ),
    Rule(
        "ibu_tahun",
        "ibu_tahun",
        "nama ibu atau wali dan tahun lahir",
        f"SELECT rec_no, xor(ibu, tahun) AS key FROM ({_MOTHERS}) JOIN ({_YEARS}) USING (rec_no)",
    ),
    Rule(
        "ibu_inisial",
        "ibu_inisial",
        "nama ibu atau wali dan huruf awal nama",
        f"SELECT m.rec_no, xor(ibu, block_key(left(n.loose[1], 1))) AS key FROM ({_MOTHERS}) m JOIN seek_nama n ON n.id = m.rec_no",
    ),
)
