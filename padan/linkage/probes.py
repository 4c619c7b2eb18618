"""Records whose right answer is known, made like those of which it is not: what the night's accuracy is asked with.

A record that its NIK proves to be one register person is written once more as the records without such a proof are: the
NIK hidden or damaged, and only those cells filled that such a record has. Each is asked twice: does the night find the
person (twin), and, with that person taken away, does it link somebody else (decoy).
Does not belong here: the answers and what follows from them (evaluation).
"""

from __future__ import annotations

import duckdb

from padan.config import EvaluationPolicy
from padan.errors import Defect
from padan.linkage.decision import OTHER_BIRTH, PARTIAL_NAME, WHOLE_NAME
from padan.linkage.person_v1.definition import NIK_NEAR, NIK_NEAR_BIRTHDAY, NIK_OF_FAMILY, NIK_SAME
from padan.linkage.workspace import REGISTER
from padan.warehouse import number

#: What a record says of the NIK: it proves the person, there is none, or there is one that proves nobody.
PROVEN, WITHOUT, UNPROVEN = "cocok", "tanpa", "tidak_cocok"

#: Level code of an equal birth date.
SAME_BIRTH = 8

#: How the NIK of a record without proof is wrong: a digit, a parent's, or nobody's.
DIGIT, PARENT, NOBODY = "angka", "orang_tua", "tak_dikenal"

#: Records a feed from which probes are made: enough for every combination of cells.
DONORS = 1_000

#: Cells that are hidden where the record that a probe stands for lacks them.
_CELLS = ("no_kk", "nama_ibu", "nik_wali", "nama_wali", "jenis_kelamin", "kode_kecamatan", "kode_kabupaten")

#: How well name and birth date of a pair agree, from its levels: what kind of match it is.
LIKENESS = f"""CASE WHEN {{pair}}.gamma_nama + 1 >= {WHOLE_NAME} THEN 'nama sama'
    WHEN {{pair}}.gamma_nama + 1 > {PARTIAL_NAME} THEN 'nama mirip'
    WHEN {{pair}}.gamma_nama >= 0 THEN 'nama lain' ELSE 'tanpa nama' END || ', ' ||
    CASE WHEN {{pair}}.gamma_lahir + 1 >= {SAME_BIRTH} THEN 'lahir sama'
    WHEN {{pair}}.gamma_lahir + 1 > {OTHER_BIRTH} THEN 'lahir mirip'
    WHEN {{pair}}.gamma_lahir >= 0 THEN 'lahir lain' ELSE 'tanpa tanggal' END"""

# Content decides the order of drawing, so that the same deliveries give the same sample in any home. How like a pair is matters only
# where no NIK proves it: in a nation nearly all candidates are of records that one does.
_NIGHT = f"""
CREATE TABLE night AS
WITH likened AS (SELECT c.record_id, c.gamma_nik, c.gamma_nama, c.gamma_lahir FROM {{warehouse}}.link.candidate c
    SEMI JOIN (FROM {{warehouse}}.link.decision WHERE decision = 'link' AND method <> 'nik') d USING (record_id, register_id))
SELECT s.record_id, s.agency || '/' || s.feed AS feed, d.decision = 'link' AS linked, d.register_id,
    CASE WHEN d.decision = 'link' AND (d.method = 'nik' OR c.gamma_nik + 1 = {NIK_SAME}) THEN '{PROVEN}'
        WHEN s.nik IS NULL THEN '{WITHOUT}' ELSE '{UNPROVEN}' END AS kelas,
    CASE WHEN d.decision = 'link' THEN c.gamma_nik + 1 END AS nik_level, {LIKENESS.format(pair="c")} AS likeness,
    md5_number_lower(concat_ws('|', s.agency, s.feed, s.nama, s.tanggal_lahir, s.nik, s.no_kk, s.kode_kecamatan, s.kelompok,
        s.delivery_date, s.source_file, s.source_row)) AS lot
FROM {{warehouse}}.intermediate.int_person__standardized s JOIN {{warehouse}}.link.decision d USING (record_id)
LEFT JOIN likened c ON c.record_id = d.record_id
"""

# Every feed and class gets its share of the probes, and a few at least.
_DRAWN = """
CREATE TABLE drawn AS
WITH sized AS (
    SELECT feed, kelas, count(*) AS records,
        CAST(least(count(*), greatest($least, round($wanted * sqrt(count(*)) / sum(sqrt(count(*))) OVER ()))) AS BIGINT) AS probes
    FROM night WHERE kelas <> $proven GROUP BY ALL)
SELECT n.record_id, n.feed, n.kelas, n.lot, z.records / z.probes AS weight
FROM night n JOIN sized z USING (feed, kelas)
QUALIFY row_number() OVER (PARTITION BY n.feed, n.kelas ORDER BY n.lot, n.record_id) <= z.probes
"""

# The last lot is found first: of a nation's records only those up to it are put in order.
_DONOR = """
CREATE TABLE donor AS
SELECT record_id, feed, register_id, lot FROM night
JOIN (SELECT feed, list_last(min(lot, {donors})) AS last_lot FROM night WHERE kelas = '{proven}' GROUP BY 1) USING (feed)
WHERE kelas = '{proven}' AND lot <= last_lot
QUALIFY row_number() OVER (PARTITION BY feed ORDER BY lot, record_id) <= {donors}
"""

# What a record has in its cells; names of one word apart, since they tell fewer persons apart.
_CONTENT = """
CREATE TABLE {table}_content AS
SELECT t.*, {filled} AS filled, least(len(string_split(trim(s.nama), ' ')), 2) AS words,
    CASE WHEN s.tanggal_lahir IS NULL THEN 0 ELSE list_position(['age', 'year', 'month', 'day'], s.tanggal_lahir_precision) END AS fineness
FROM {table} t JOIN {warehouse}.intermediate.int_person__standardized s USING (record_id)
"""

# Each probe takes the next of the donors that have all its cells: of its own feed first, then with as many words.
_MATCHED = """
CREATE TABLE matched AS
WITH pattern AS (
    SELECT feed, filled, coalesce(words, 0) AS words, fineness, md5_number_lower(concat_ws('|', feed, filled, words, fineness)) AS start
    FROM drawn_content GROUP BY ALL),
ranked AS (
    SELECT p.feed, p.filled, p.words, p.fineness, d.record_id AS donor_id, d.register_id, row_number() OVER same AS place,
        count(*) OVER (PARTITION BY p.feed, p.filled, p.words, p.fineness) AS donors
    FROM pattern p JOIN donor_content d ON d.filled & p.filled = p.filled AND d.fineness IN (p.fineness, 4) AND d.words > 0
    WINDOW same AS (PARTITION BY p.feed, p.filled, p.words, p.fineness
        ORDER BY d.feed <> p.feed, d.words <> p.words, d.lot < p.start, d.lot, d.record_id)),
asked AS (
    SELECT *, row_number() OVER (PARTITION BY feed, filled, coalesce(words, 0), fineness ORDER BY lot, record_id) - 1 AS turn
    FROM drawn_content)
SELECT CAST(row_number() OVER (ORDER BY a.feed, a.kelas, a.lot, a.record_id) AS INTEGER) AS probe_no, a.record_id AS model_id, a.feed,
    a.kelas, a.filled, a.fineness, a.weight, a.lot, r.donor_id, r.register_id
FROM asked a JOIN ranked r ON (r.feed, r.filled, r.words, r.fineness) = (a.feed, a.filled, coalesce(a.words, 0), a.fineness)
    AND r.place = a.turn % r.donors + 1
"""

_OWN = """
CREATE TABLE own AS
WITH donors AS (SELECT DISTINCT donor_id, register_id, number_key(s.nik) AS key
    FROM matched JOIN {warehouse}.intermediate.int_person__standardized s ON s.record_id = donor_id),
holders AS (SELECT d.donor_id, d.register_id, k.person_no FROM {register}.posting_nik k JOIN donors d USING (key))
SELECT h.donor_id, p.person_no, p.keluarga_no FROM {register}.person_row p JOIN holders h USING (person_no)
WHERE ends_with(h.register_id, '-' || p.person_no)
"""

_OWN_FAMILY = """
CREATE TABLE own_family AS SELECT keluarga_no, person_no, lpad(CAST(nik AS VARCHAR), 16, '0') AS nik, hubungan_kepala, nama
FROM {register}.person_row SEMI JOIN own USING (keluarga_no)
"""


def draw_probes(con: duckdb.DuckDBPyConnection, warehouse: str, policy: EvaluationPolicy) -> int:
    """Make `night`, `matched`, `own`, `own_family` and `probe`, a table of standard persons; returns how many probes there are.

    `night(record_id, feed, linked, kelas)`: every record by what its NIK proves. `matched(probe_no, feed, kelas, weight, donor_id,
    register_id …)`: the record that a probe is made of, and how many records without proof it stands for. `own(donor_id, person_no,
    keluarga_no)`: the right answer. `own_family`: everybody of those families.
    """
    con.execute(_NIGHT.format(warehouse=warehouse))
    unproven = number(con, f"SELECT count(*) FROM night WHERE kelas <> '{PROVEN}'")
    wanted = min(policy.probes, round(policy.share * unproven))
    con.execute(_DRAWN, {"least": policy.least_per_feed, "wanted": wanted, "proven": PROVEN})
    con.execute(_DONOR.format(donors=DONORS, proven=PROVEN))
    filled = " | ".join(f"(CAST(s.{cell} IS NOT NULL AS INTEGER) << {bit})" for bit, cell in enumerate(_CELLS))
    for table in ("drawn", "donor"):
        con.execute(_CONTENT.format(table=table, warehouse=warehouse, filled=filled))
    con.execute(_MATCHED)
    con.execute(_OWN.format(warehouse=warehouse, register=REGISTER))
    if number(con, "SELECT count(*) FROM matched") and not number(con, "SELECT count(*) FROM own"):
        raise Defect("uji ketepatan: tidak satu pun orang yang terbukti dengan NIK ditemukan kembali di register.", todo="Laporkan.")
    con.execute(_OWN_FAMILY.format(register=REGISTER))
    _choose_damage(con)
    _write_probes(con, warehouse)
    return number(con, "SELECT count(*) FROM probe")


def _choose_damage(con: duckdb.DuckDBPyConnection) -> None:
    """`damage(probe_no, kind, absent_weight)`: how the NIK is wrong, as often as among the links that the night made in spite of it.

    Who is not in the register bears a parent's NIK as seldom as everybody: `absent_weight` corrects for that.
    """
    digit, parent, nobody = (
        number(con, f"SELECT count(*) + 1 FROM night WHERE kelas = '{UNPROVEN}' AND nik_level IN ({levels})")
        for levels in (f"{NIK_NEAR}, {NIK_NEAR_BIRTHDAY}", f"{NIK_OF_FAMILY}", "1")
    )
    wrong = digit + parent + nobody
    given = wrong + number(con, f"SELECT count(*) FROM night WHERE kelas = '{PROVEN}'")
    con.execute(
        f"""CREATE TABLE damage AS
        SELECT m.probe_no, f.nik AS parent_nik, CASE WHEN m.kelas = '{WITHOUT}' THEN NULL
            WHEN dice < {digit / wrong} THEN '{DIGIT}' WHEN dice < {(digit + parent) / wrong} AND f.nik IS NOT NULL THEN '{PARENT}'
            ELSE '{NOBODY}' END AS kind,
            CASE WHEN m.kelas = '{WITHOUT}' THEN 1 WHEN kind = '{PARENT}' THEN {wrong / given}
                ELSE {(1 - parent / given) / (1 - parent / wrong)} END AS absent_weight
        FROM (SELECT *, (md5_number_lower('nik' || lot) % 1000) / 1000 AS dice FROM matched) m JOIN own o USING (donor_id)
        LEFT JOIN (SELECT o.donor_id, arg_min(k.nik, (k.hubungan_kepala <> '2', k.person_no)) AS nik
            FROM own o JOIN own_family k USING (keluarga_no)
            WHERE k.person_no <> o.person_no AND k.hubungan_kepala IN ('1', '2') AND k.nik IS NOT NULL GROUP BY 1) f USING (donor_id)"""
    )


# A date is kept no finer than that of the record which the probe stands for: the middle of what it may be, as staging writes it.
_BORN = """CASE WHEN m.fineness IN (0, 4) OR s.tanggal_lahir_precision <> 'day' THEN CASE WHEN m.fineness > 0 THEN s.tanggal_lahir END
    WHEN m.fineness = 3 THEN CAST(date_trunc('month', s.tanggal_lahir) AS DATE) + 14
    WHEN m.fineness = 2 THEN make_date(year(s.tanggal_lahir), 7, 1)
    ELSE CAST(s.tanggal_acuan - to_years(CAST(date_sub('year', s.tanggal_lahir, s.tanggal_acuan) AS INTEGER)) - to_months(6) AS DATE) END"""

_DIGIT = """substr(s.nik, 1, place - 1) || (CAST(substr(s.nik, place, 1) AS INTEGER) + 1 + m.lot // 100000 % 9) % 10
    || substr(s.nik, place + 1)"""

#: Serials of a NIK run to some hundreds a place and day: one of 8,000 or more is nobody's.
_NOBODYS = "substr(s.nik, 1, 12) || CASE substr(s.nik, 13, 1) WHEN '9' THEN '8' ELSE '9' END || lpad(CAST(m.lot % 1000 AS VARCHAR), 3, '0')"


def _write_probes(con: duckdb.DuckDBPyConnection, warehouse: str) -> None:
    hidden = ", ".join(f"CASE WHEN m.filled & {1 << bit} <> 0 THEN s.{cell} END AS {cell}" for bit, cell in enumerate(_CELLS))
    old = ", ".join(
        f"CASE WHEN m.filled & {1 << _CELLS.index(cell)} <> 0 THEN s.{cell}_lama END AS {cell}_lama"
        for cell in ("kode_kecamatan", "kode_kabupaten")
    )
    con.execute(
        f"""CREATE TABLE probe AS
        SELECT s.* REPLACE ('uji-' || m.probe_no AS record_id, o.agency AS agency, o.feed AS feed, o.delivery_date AS delivery_date,
            'uji' AS source_file, CAST(m.probe_no AS BIGINT) AS source_row, o.anak AS anak, {hidden}, {old},
            CASE d.kind WHEN '{DIGIT}' THEN {_DIGIT} WHEN '{PARENT}' THEN d.parent_nik WHEN '{NOBODY}' THEN {_NOBODYS} END AS nik,
            CASE WHEN d.kind IS NULL THEN 'missing' ELSE 'valid' END AS nik_status,
            CASE WHEN o.nama IS NOT NULL THEN s.nama END AS nama, {_BORN} AS tanggal_lahir,
            CASE WHEN m.fineness IN (0, 4) OR s.tanggal_lahir_precision <> 'day' THEN CASE WHEN m.fineness > 0
                THEN s.tanggal_lahir_precision ELSE 'none' END ELSE o.tanggal_lahir_precision END AS tanggal_lahir_precision)
        FROM (SELECT *, CAST(1 + lot // 1000 % 16 AS INTEGER) AS place FROM matched) m JOIN damage d USING (probe_no)
        JOIN {warehouse}.intermediate.int_person__standardized s ON s.record_id = m.donor_id
        JOIN {warehouse}.intermediate.int_person__standardized o ON o.record_id = m.model_id"""
    )
