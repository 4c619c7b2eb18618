"""Which records need look no further, since nobody whom they could still find would count: by their NIK, or by their family.

What settles a record is a property of the record and of those that its nearest keys (NEAR) lead to, whatever else was looked up.
Does not belong here: which rules there are (rules), what a record's answer is (decision).
"""

from __future__ import annotations

import duckdb

from padan.linkage.rules import RULES
from padan.register.views import district_sql, words_sql

#: The rules that lead to a record's own NIK, its card's family and its guardian's: all that a settled record is compared by.
NEAR = tuple(bit for bit, rule in enumerate(RULES) if rule.name in ("nik", "kk", "keluarga"))
_NEAR = sum(1 << bit for bit in NEAR)

# A record whose NIK is one register person's, confirmed by name and birth date (the record's or the NIK's own).
_BY_NIK = """
SELECT p.rec_no, 'nik' AS known_by FROM pair p JOIN record_model l ON l.unique_id = p.rec_no JOIN register_model r
    ON r.unique_id = p.person_no AND r.nik = l.nik
GROUP BY p.rec_no HAVING count(*) = 1 AND bool_and(coalesce(nik_guard(l, r), false))
"""

# Members of a record's family that are born on its day; `like_it`: they do not differ from it in what the row tells. Whose NIK is
# somebody's own looks on.
_SAME_DAY = f"""
CREATE OR REPLACE TABLE same_day AS
SELECT p.rec_no, p.person_no, r.nama, r.ibu, count(*) OVER (PARTITION BY p.rec_no) AS members,
    (l.nik IS NULL OR r.nik IS NULL OR one_digit_off(l.nik, lpad(CAST(r.nik AS VARCHAR), 16, '0')))
    AND coalesce(l.jenis_kelamin = r.jenis_kelamin, true) AND (l.wali IS NULL OR l.keluarga IS NOT NULL)
    AND coalesce(left(l.kode_kecamatan, 5) = left({{district}}, 5), true)
    AND coalesce(left({{district}}, 5) IN (l.kode_kabupaten, coalesce(l.kode_kabupaten_lama, l.kode_kabupaten)), true) AS like_it
FROM pair p JOIN record_model l ON l.unique_id = p.rec_no JOIN chosen_row r USING (person_no) JOIN chosen_family f USING (keluarga_no)
WHERE p.rules & {_NEAR} <> 0 AND l.nik_keluarga IS NULL AND l.presisi = 'day' AND l.tanggal_lahir = r.tanggal_lahir
    AND (l.keluarga = r.keluarga_no
        OR (coalesce(r.no_kk_lain, f.no_kk) > 0 AND l.no_kk = lpad(CAST(coalesce(r.no_kk_lain, f.no_kk) AS VARCHAR), 16, '0')))
"""

_BY_FAMILY = """
SELECT d.rec_no, 'keluarga' AS known_by
FROM same_day d JOIN record_model l ON l.unique_id = d.rec_no
JOIN (SELECT p.person_no, name_sorted({nama_strict}) AS nama, name_sorted({ibu_strict}) AS ibu, name_sorted({ibu_loose}) AS ibu_longgar
    FROM same_day_person p {nama_words} {ibu_words}) r ON r.person_no = d.person_no
WHERE d.members = 1 AND d.like_it AND l.nama = r.nama AND (l.ibu IS NULL OR r.ibu IS NULL OR l.ibu = r.ibu OR l.ibu_longgar = r.ibu_longgar)
"""


def settle_by_nik(con: duckdb.DuckDBPyConnection) -> None:
    """Make `settled(rec_no, known_by)`, of the records whose own NIK is confirmed. Needs `register_model` of those who hold the NIKs."""
    con.execute(f"CREATE OR REPLACE TABLE settled AS {_BY_NIK}")


def settle_by_family(con: duckdb.DuckDBPyConnection) -> None:
    """Add to `settled` the records of which just one member of their family has the birth date, and the very name.

    Whoever is not of that family can agree in no more, and lacks what the family is worth: too little to count beside that member
    (test_linkage_settled adds it up from the model).
    Needs `chosen_row`, `chosen_family` and `word_bits_of` of the pairs' persons. Pairs that other keys led to are dropped.
    """
    con.execute(_SAME_DAY.format(district=district_sql("f.kode_kecamatan")))
    con.execute(
        "CREATE OR REPLACE TABLE same_day_person AS SELECT DISTINCT person_no, nama, ibu FROM same_day WHERE members = 1 AND like_it"
    )
    words = {}
    for column in ("nama", "ibu"):
        words[f"{column}_words"], listed = words_sql(f"p.{column}", "word_bits_of", "same_day_person")
        words |= {f"{column}_strict": listed.format(key="kata.k"), f"{column}_loose": listed.format(key="kata.l")}
    con.execute(f"INSERT INTO settled {_BY_FAMILY.format(**words)}")
    con.execute(
        f"""CREATE OR REPLACE TABLE pair AS
        SELECT p.rec_no, p.person_no, CASE WHEN s.known_by IS NULL THEN p.rules ELSE p.rules & {_NEAR} END AS rules FROM pair p
        LEFT JOIN settled s USING (rec_no) WHERE s.known_by IS NULL OR p.rules & {_NEAR} <> 0"""
    )
    near = ", ".join(f"'{RULES[bit].name}'" for bit in NEAR)
    con.execute(f"DELETE FROM dropped WHERE rule NOT IN ({near}) AND rec_no IN (SELECT rec_no FROM settled)")
    for scaffold in ("same_day", "same_day_person"):
        con.execute(f"DROP TABLE {scaffold}")
