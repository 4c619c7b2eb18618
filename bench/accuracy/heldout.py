"""Error models that nothing of PADAN was trained on or written from: a faultless sample, spoilt in SQL.

`padan synth` errs by its own tables; a model that only knows those would look better than it is. Here records (and, where said, the
register) of a `tanpa` sample are spoilt by other tables: a scanner's letters, transliteration and other vocabularies, parents' NIK
everywhere, hardly any cell filled, twins, a register that lacks two persons in five, one small feed alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from bench.accuracy.samples import Sample

#: What a scanner reads instead, letters and digits.
SCANNED = "RN>M M>RN CL>D D>CL H>N N>H E>F F>E I>L L>I U>V V>U C>G G>C B>R K>X O>Q W>VV Y>V T>F P>F S>5 B>8 Z>2"
SCANNED_DIGITS = "8>3 3>8 1>7 7>1 5>6 6>5 0>6 9>4 4>9 0>8 2>7"
#: Arabic, Dutch and Chinese names as others write them.
TRANSLITERATED = (
    "SY>SH SH>SY KH>H H>KH Q>G Z>DZ DZ>Z ZH>Z TH>TS AI>EI EI>AY AU>OU U>OO I>EE Y>IE J>DY C>TY F>PH K>CK X>KS W>OE A>AA IY>IYY "
    "AN>AAN N>NG NG>N R>RH A>O O>A E>A"
)

_MACROS = (
    "dice(k, topic) AS (md5_number_lower(concat(k, '/', topic)) % 1000003) / 1000003.0",
    "roll(k, topic, n) AS CAST(md5_number_lower(concat(k, '/', topic)) % n AS BIGINT)",
    """swapped(text, k, topic, pairs) AS list_transform([list_filter(string_split(pairs, ' '), lambda p: contains(text, split_part(p,
        '>', 1)))],
        lambda fit: CASE WHEN len(fit) = 0 THEN text ELSE regexp_replace(text, split_part(fit[roll(k, topic, len(fit)) + 1], '>', 1),
        split_part(fit[roll(k, topic, len(fit)) + 1], '>', 2)) END)[1]""",
    """letter_off(text, k, topic) AS list_transform([roll(k, topic, length(text) - 1) + 2], lambda i: substr(text, 1, i - 1) ||
        CASE roll(k, topic || 'k', 3) WHEN 0 THEN '' WHEN 1 THEN substr('AEIOUNRSTKL', 1 + roll(k, topic || 'l', 11), 1)
        ELSE substr(text, i, 1) || substr(text, i, 1) END || substr(text, i + 1))[1]""",
    "words(text) AS string_split(trim(text), ' ')",
    "without(text, i) AS array_to_string(list_concat(words(text)[:i - 1], words(text)[i + 1:]), ' ')",
    """syllable(t, i) AS substr('  B D G K L M N P R S T Z SYNGW Y J H F ', 1 + 2 * roll(t, 'o' || i, 20), 2) || substr('AIUEO', 1 +
        roll(t, 'v' || i, 5), 1)
        || substr('    N R L S M NGT K ', 1 + 2 * roll(t, 'c' || i, 10), 2)""",
    """renamed(text) AS array_to_string(list_transform(words(text), lambda t: CASE WHEN length(t) <= 2 THEN t ELSE
        replace(syllable(t, 1) || syllable(t, 2) || CASE WHEN roll(t, 'n', 3) = 0 THEN syllable(t, 3) ELSE '' END, ' ', '') END), ' ')""",
)

Spoil = Callable[[duckdb.DuckDBPyConnection], None]


def _set(con: duckdb.DuckDBPyConnection, column: str, value: str, share: float, topic: str, where: str = "true") -> None:
    con.execute(f"UPDATE c SET {column} = {value} WHERE {column} IS NOT NULL AND ({where}) AND dice(k, '{topic}') < {share}")


def _ordinary(con: duckdb.DuckDBPyConnection, share: float = 1.0) -> None:
    """What every office does now and then."""
    _set(con, "nama", "letter_off(nama, k, 'o1')", 0.05 * share, "huruf", "length(nama) > 4")
    _set(con, "nama", "without(nama, len(words(nama)))", 0.04 * share, "kata akhir", "len(words(nama)) > 1")
    _set(con, "nama", "without(nama, 2)", 0.02 * share, "kata tengah", "len(words(nama)) > 2")
    _set(con, "nama", "array_to_string(list_reverse(words(nama)), ' ')", 0.02 * share, "urutan")
    _set(con, "tanggal_lahir", "CAST(tanggal_lahir + INTERVAL 1 YEAR AS DATE)", 0.02 * share, "tahun")
    _set(con, "tanggal_lahir", "coalesce(try_cast(strftime(tanggal_lahir, '%Y-%d-%m') AS DATE), tanggal_lahir)", 0.03 * share, "balik")
    _set(con, "tanggal_lahir", "tanggal_lahir + CAST(roll(k, 'h', 19) AS INTEGER) - 9", 0.02 * share, "hari")
    _set(con, "nik", "swapped(nik, k, 'd', '1>2 2>4 3>9 4>1 5>0 6>1 7>2 8>5 9>3 0>7')", 0.06 * share, "nik")
    _set(con, "jenis_kelamin", "CASE jenis_kelamin WHEN 'L' THEN 'P' ELSE 'L' END", 0.01 * share, "kelamin")
    for column in ("kode_kabupaten", "kode_kecamatan"):
        places = f"(SELECT list(DISTINCT {column} ORDER BY {column}) FROM c)"
        _set(con, column, f"{places}[1 + roll(k, 'pindah', len({places}))]", 0.05 * share, "pindah")
    con.execute("UPDATE c SET kode_kabupaten = substr(kode_kecamatan, 1, 5) WHERE kode_kecamatan IS NOT NULL")


def pindaian(con: duckdb.DuckDBPyConnection) -> None:
    """Scanned forms: letters and digits that look alike."""
    _ordinary(con, 0.4)
    for column in ("nama", "nama_ibu", "nama_wali"):
        _set(con, column, f"swapped({column}, k, '{column}1', '{SCANNED}')", 0.20, f"{column} huruf")
        _set(con, column, f"swapped({column}, k, '{column}2', '{SCANNED}')", 0.05, f"{column} huruf lagi")
    for column in ("nik", "no_kk", "nik_wali"):
        _set(con, column, f"swapped({column}, k, '{column}1', '{SCANNED_DIGITS}')", 0.10, f"{column} angka")
        _set(con, column, f"swapped({column}, k, '{column}2', '{SCANNED_DIGITS}')", 0.03, f"{column} angka lagi")
    scanned = f"coalesce(try_cast(swapped(strftime(tanggal_lahir, '%Y-%m-%d'), k, 't', '{SCANNED_DIGITS}') AS DATE), tanggal_lahir)"
    _set(con, "tanggal_lahir", scanned, 0.06, "tanggal")


def daerah(con: duckdb.DuckDBPyConnection) -> None:
    """Another vocabulary of names altogether; names transliterated; clan names and birth-order names left out, added, shortened."""
    for table, columns in (("delivered.raw.dtsen__anggota", ("nama", "nama_ibu")), ("c", ("nama", "nama_ibu", "nama_wali"))):
        con.execute(f"UPDATE {table} SET {', '.join(f'{x} = renamed({x})' for x in columns)}")
    _ordinary(con, 0.7)
    for column in ("nama", "nama_ibu", "nama_wali"):
        _set(con, column, f"swapped({column}, k, '{column}1', '{TRANSLITERATED}')", 0.25, f"{column} aksara")
        _set(con, column, f"swapped({column}, k, '{column}2', '{TRANSLITERATED}')", 0.08, f"{column} aksara lagi")
    _set(con, "nama", "without(nama, len(words(nama)))", 0.10, "marga", "len(words(nama)) > 1")
    _set(con, "nama", "nama || ' ' || split_part(nama_wali, ' ', -1)", 0.06, "marga wali", "nama_wali IS NOT NULL")
    others = "(SELECT list(nama ORDER BY k) FROM c WHERE nama NOT LIKE '% %')"
    _set(con, "nama", f"nama || ' ' || {others}[1 + roll(k, 'm', 50)]", 0.04, "marga lain")
    _set(con, "nama", "regexp_replace(nama, '([A-Z])[A-Z]+$', '\\1')", 0.05, "singkat", "nama LIKE '% %'")


def wali(con: duckdb.DuckDBPyConnection) -> None:
    """A parent's or a sibling's NIK on three children in ten, an old family card on one in five."""
    _ordinary(con)
    con.execute(
        """UPDATE c SET nik = f.nik FROM (SELECT t.k, arg_min(a.nik, dice(t.k, a.nik)) AS nik FROM t JOIN delivered.raw.dtsen__anggota
            a USING (id_keluarga)
            WHERE a.nik <> t.nik AND length(trim(a.nik, '0')) > 0 AND (a.hubungan_kepala IN ('1', '2') OR dice(t.k, 'saudara') < 0.2)
                GROUP BY 1) f
        WHERE f.k = c.k AND c.nik IS NOT NULL AND dice(c.k, 'nik wali') < 0.3"""
    )
    _set(con, "no_kk", "substr(no_kk, 1, 6) || lpad(CAST(roll(k, 'kk', 1000000) AS VARCHAR), 6, '0') || substr(no_kk, 13)", 0.20, "kk lama")


def sedikit(con: duckdb.DuckDBPyConnection) -> None:
    """Hardly any NIK, KK or mother; half of the birth dates are a year only, or nothing."""
    _ordinary(con)
    for column, share in (("nik", 0.85), ("no_kk", 0.8), ("nama_ibu", 0.7), ("nik_wali", 0.7), ("nama_wali", 0.5), ("jenis_kelamin", 0.1)):
        _set(con, column, "NULL", share, f"{column} kosong")
    con.execute("UPDATE c SET nik_status = 'missing' WHERE nik IS NULL")
    con.execute(
        """UPDATE c SET tanggal_lahir = make_date(year(tanggal_lahir), 7, 1), tanggal_lahir_precision = 'year'
        WHERE tanggal_lahir_precision = 'day' AND dice(k, 'umur') < 0.3"""
    )
    con.execute("UPDATE c SET tanggal_lahir = NULL, tanggal_lahir_precision = 'none' WHERE dice(k, 'tanggal') < 0.2")


def kembar(con: duckdb.DuckDBPyConnection) -> None:
    """One family in four with children has twins, mostly of like names and neighbouring NIK; the register lacks three twins in ten."""
    con.execute(
        """CREATE TABLE twin AS
        WITH child AS (SELECT nik, id_keluarga, nama, CAST(tanggal_lahir AS DATE) AS born, jenis_kelamin,
                row_number() OVER (PARTITION BY id_keluarga ORDER BY tanggal_lahir, nik) AS n
            FROM delivered.raw.dtsen__anggota WHERE hubungan_kepala = '3' AND length(trim(nik, '0')) = 16 AND length(nik) = 16)
        SELECT y.nik AS old_nik, y.id_keluarga, o.born, concat(substr(o.nik, 1, 6),
                lpad(CAST(day(o.born) + CASE y.jenis_kelamin WHEN '2' THEN 40 ELSE 0 END AS VARCHAR), 2, '0'), strftime(o.born, '%m%y'),
                lpad(CAST((CAST(substr(o.nik, 13) AS INTEGER) + 1) % 10000 AS VARCHAR), 4, '0')) AS new_nik,
            CASE WHEN dice(y.nik, 'nama') < 0.7 THEN split_part(o.nama, ' ', 1) || ' ' || split_part(y.nama, ' ', -1) ELSE y.nama END
                AS nama
        FROM child y JOIN child o ON o.id_keluarga = y.id_keluarga AND o.n = 1 AND y.n = 2 WHERE dice(y.id_keluarga, 'kembar') < 0.25"""
    )
    con.execute("DELETE FROM twin WHERE new_nik IN (SELECT nik FROM delivered.raw.dtsen__anggota WHERE nik IS NOT NULL)")
    con.execute("DELETE FROM twin WHERE new_nik IN (SELECT new_nik FROM twin GROUP BY 1 HAVING count(*) > 1)")
    con.execute(
        """UPDATE delivered.raw.dtsen__anggota a SET nik = w.new_nik, nama = w.nama, tanggal_lahir = CAST(w.born AS VARCHAR)
        FROM twin w WHERE a.nik = w.old_nik"""
    )
    con.execute(
        """UPDATE c SET nik = CASE WHEN c.nik IS NOT NULL THEN w.new_nik END, nama = CASE WHEN c.nama IS NOT NULL THEN w.nama END,
            tanggal_lahir = CASE WHEN c.tanggal_lahir IS NOT NULL THEN w.born END FROM t JOIN twin w ON t.nik = w.old_nik WHERE t.k = c.k"""
    )
    con.execute(
        """UPDATE t SET nik = w.new_nik, register_nik = CASE WHEN t.register_nik IS NOT NULL THEN w.new_nik END
        FROM twin w WHERE t.nik = w.old_nik"""
    )
    _remove(con, "a.nik IN (SELECT new_nik FROM twin WHERE dice(new_nik, 'absen') < 0.3)")
    _ordinary(con)


def absen(con: duckdb.DuckDBPyConnection) -> None:
    """The register lacks two persons in five, one by one: their families are in it."""
    _remove(con, "dice(a.nik, 'absen') < 0.4 AND a.hubungan_kepala NOT IN ('1', '2')")
    _ordinary(con)


def satu_feed(con: duckdb.DuckDBPyConnection) -> None:
    """Complaints to KPAI alone, as an agency's first delivery would be."""
    con.execute("DELETE FROM c WHERE feed <> 'pengaduan'")
    _ordinary(con, 1.5)


def _remove(con: duckdb.DuckDBPyConnection, where: str) -> None:
    """Take persons (alias a) out of the register; their records are then of persons whom it does not hold."""
    con.execute(f"CREATE TABLE gone AS SELECT nik FROM delivered.raw.dtsen__anggota a WHERE {where} AND length(trim(nik, '0')) > 0")
    con.execute("DELETE FROM delivered.raw.dtsen__anggota WHERE nik IN (SELECT nik FROM gone)")
    con.execute("UPDATE t SET in_dtsen = false, register_nik = NULL WHERE register_nik IN (SELECT nik FROM gone)")


HELD_OUT: dict[str, Spoil] = {spoil.__name__: spoil for spoil in (pindaian, daerah, wali, sedikit, kembar, absen, satu_feed)}

_TABLE = "intermediate.int_person__standardized"


def spoilt(base: Sample, model: str, root: Path) -> Sample:
    """The sample of `base` spoilt by `model`, made if it is not there."""
    sample = Sample(root / base.name.replace("tanpa", model, 1))
    if sample.cases.exists():
        return sample
    shutil.rmtree(sample.folder, ignore_errors=True)
    shutil.copytree(base.folder, sample.folder, ignore=shutil.ignore_patterns("register.duckdb", "padan.duckdb", "spill"))
    made = sample.cases.with_suffix(".making")
    shutil.copy(base.cases, made)
    (delivered,) = sample.home.register.glob("*/delivered.duckdb")
    delivered.chmod(0o600)
    with duckdb.connect(str(made), config={"threads": 2}) as con:
        con.execute(f"ATTACH '{delivered}' AS delivered")
        _spoil(con, HELD_OUT[model])
    made.rename(sample.cases)
    return sample


def _spoil(con: duckdb.DuckDBPyConnection, spoil: Spoil) -> None:
    """Run `spoil` over c (the records), t (their truth) and `delivered`; `k` is a record's place, the same in every home."""
    for macro in _MACROS:
        con.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")
    con.execute(f"CREATE TEMP TABLE c AS SELECT concat_ws('/', agency, feed, source_file, source_row) AS k, * FROM {_TABLE}")
    con.execute(
        """CREATE TEMP TABLE t AS SELECT c.k, p.* FROM truth.person p JOIN c ON c.agency || '.' || c.feed = p.feed AND c.source_row =
            p.source_row
        AND (p.source_file IS NULL OR p.source_file = c.source_file)"""
    )
    spoil(con)
    con.execute(f"CREATE OR REPLACE TABLE {_TABLE} AS SELECT * EXCLUDE (k) FROM c SEMI JOIN t USING (k)")
    con.execute("CREATE OR REPLACE TABLE truth.person AS SELECT * EXCLUDE (k) FROM t SEMI JOIN c USING (k)")
