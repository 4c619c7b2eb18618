"""The structure of the person model: what is compared, in which levels. Probabilities are in trained.json.

By hand and reviewed; a change of structure is a new folder (person_v2), since trained.json would no longer fit.
Comparisons that only one kind of record can answer (an age, a kecamatan) stand apart, so that the share of such
records in a night does not move the weight of the others.
"""

from __future__ import annotations

from padan.linkage.model import Comparison, Level, Model
from padan.linkage.workspace import REGISTER

#: Levels that decisions ask about.
NIK_SAME, NIK_NEAR, NIK_NEAR_BIRTHDAY, NIK_OF_FAMILY = 5, 4, 3, 2

_NAME_ARGS = "{k}_kata_l, {k}_kata_r, {k}_l, {k}_r, {k}_longgar_l, {k}_longgar_r, {k}_rapat_l, {k}_rapat_r"

COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        "nik",
        "NIK",
        "nik_l IS NULL OR nik_r IS NULL",
        "nik_level(nik_l, nik_r, tanggal_lahir_l, tanggal_lahir_r, nik_keluarga_l, nik_keluarga_r)",
        (
            Level(NIK_SAME, "sama"),
            Level(NIK_NEAR, "satu angka beda"),
            Level(NIK_NEAR_BIRTHDAY, "satu angka beda, lahir sehari"),
            Level(NIK_OF_FAMILY, "milik anggota keluarga"),
            Level(1, "beda"),
        ),
        # a wrong NIK is rarely a stranger's own: 2 in 100 records hold another living person's
        per_register=((NIK_SAME, 0.02), (NIK_NEAR, 4.0), (NIK_OF_FAMILY, 3.0)),
        # serials run to about 60 a place and day, and a regency's kecamatan mostly differ in one digit
        fixed=((NIK_NEAR_BIRTHDAY, 0.02),),
    ),
    Comparison(
        "nama",
        "nama",
        "nama_l IS NULL OR nama_r IS NULL",
        f"name_level({_NAME_ARGS.format(k='nama')})",
        (
            Level(14, "kata sama", tf="nama"),
            Level(13, "bunyi sama", tf="nama"),
            Level(12, "kata pendek termuat, sangat langka"),
            Level(11, "kata pendek termuat, langka"),
            Level(10, "kata pendek termuat, agak langka"),
            Level(9, "kata pendek termuat, biasa"),
            Level(8, "kata pendek termuat, umum"),
            Level(7, "kata pendek termuat, sangat umum"),
            Level(6, "salah ketik"),
            Level(5, "sebagian kata, langka"),
            Level(4, "sebagian kata, agak langka"),
            Level(3, "sebagian kata, biasa"),
            Level(2, "sebagian kata, umum"),
            Level(1, "beda"),
        ),
    ),
    Comparison(
        "lahir",
        "tanggal lahir",
        "tanggal_lahir_l IS NULL OR tanggal_lahir_r IS NULL OR presisi_l <> 'day' OR presisi_r <> 'day'",
        "birth_level(tanggal_lahir_l, tanggal_lahir_r)",
        (
            Level(8, "sama", tf="tanggal_lahir"),
            Level(7, "hari dan bulan tertukar"),
            Level(6, "satu angka beda"),
            Level(5, "tahun sama, tanggal taksiran"),
            Level(4, "dua dari tiga bagian sama"),
            Level(3, "tahun sama"),
            Level(2, "beda satu tahun"),
            Level(1, "beda"),
        ),
    ),
    Comparison(
        "umur",
        "bulan, tahun atau umur",
        "tanggal_lahir_l IS NULL OR tanggal_lahir_r IS NULL OR (presisi_l = 'day' AND presisi_r = 'day')",
        "age_level(tanggal_lahir_l, presisi_l, tanggal_lahir_r, presisi_r)",
        (
            Level(5, "bulan sama"),
            Level(4, "tahun atau umur sama"),
            Level(3, "tahun sama, bulan beda"),
            Level(2, "beda satu tahun"),
            Level(1, "beda"),
        ),
    ),
    Comparison(
        "generasi",
        "anak atau dewasa menurut feed",
        "kelompok_umur_l IS NULL OR tanggal_lahir_l IS NOT NULL OR tanggal_lahir_r IS NULL",
        "generation_level(kelompok_umur_l, tanggal_acuan_l, tanggal_lahir_r)",
        (Level(2, "sesuai"), Level(1, "tidak sesuai")),
    ),
    Comparison(
        "kelamin",
        "jenis kelamin",
        "jenis_kelamin_l IS NULL OR jenis_kelamin_r IS NULL",
        "CASE WHEN jenis_kelamin_l = jenis_kelamin_r THEN 2 ELSE 1 END",
        (Level(2, "sama"), Level(1, "beda")),
        # a name tells the sex: among strangers of like names the sex agrees as well
        among="gamma_nama >= 6",
    ),
    Comparison(
        "kecamatan",
        "kecamatan",
        "kode_kecamatan_l IS NULL OR kode_kecamatan_r IS NULL",
        "kecamatan_level(kode_kecamatan_l, kode_kecamatan_r)",
        (
            Level(4, "sama", tf="kode_kecamatan"),
            Level(3, "kabupaten sama", tf="kode_kabupaten"),
            Level(2, "provinsi sama"),
            Level(1, "beda"),
        ),
        household=True,
    ),
    Comparison(
        "kabupaten",
        "kabupaten",
        "kode_kabupaten_l IS NULL OR kode_kabupaten_r IS NULL OR (kode_kecamatan_l IS NOT NULL AND kode_kecamatan_r IS NOT NULL)",
        "kabupaten_level(kode_kabupaten_l, kode_kabupaten_r, kode_kabupaten_lama_l, kode_kabupaten_lama_r)",
        (Level(3, "sama", tf="kode_kabupaten"), Level(2, "provinsi sama"), Level(1, "beda")),
        household=True,
    ),
    Comparison(
        "ibu",
        "nama ibu",
        "ibu_l IS NULL OR ibu_r IS NULL",
        f"mother_level({_NAME_ARGS.format(k='ibu')})",
        (
            Level(6, "kata sama", tf="ibu"),
            Level(5, "bunyi sama", tf="ibu"),
            Level(4, "kata pendek termuat, langka"),
            Level(3, "kata pendek termuat atau salah ketik"),
            Level(2, "sebagian kata"),
            Level(1, "beda"),
        ),
        household=True,
    ),
    Comparison(
        "keluarga",
        "KK atau keluarga wali",
        "(no_kk_l IS NULL OR no_kk_r IS NULL) AND (keluarga_l IS NULL OR keluarga_r IS NULL)",
        "family_level(no_kk_l, no_kk_r, keluarga_l, keluarga_r, nik_wali_l, nik_wali_r)",
        (Level(3, "sama"), Level(2, "satu angka beda"), Level(1, "beda")),
        household=True,
        per_register=((3, 3.0), (2, 10.0)),
    ),
    Comparison(
        "wali",
        "nama wali",
        # a KK or the guardian's NIK has answered already
        "wali_l IS NULL OR wali_r IS NULL OR (no_kk_l IS NOT NULL AND no_kk_r IS NOT NULL)"
        " OR (keluarga_l IS NOT NULL AND keluarga_r IS NOT NULL)",
        "adult_level(wali_l, wali_r)",
        (Level(3, "salah satu orang dewasa keluarga"), Level(2, "mirip"), Level(1, "bukan")),
        household=True,
    ),
)

#: Columns whose rarity adjusts a weight, and the register table that counts their values.
FREQUENCIES = {
    "nama": f"{REGISTER}.frequency_nama",
    "ibu": f"{REGISTER}.frequency_ibu",
    "tanggal_lahir": f"{REGISTER}.frequency_tanggal_lahir",
    "kode_kecamatan": f"{REGISTER}.frequency_kecamatan",
    "kode_kabupaten": f"{REGISTER}.frequency_kabupaten",
}

PERSON_V1 = Model("person_v1", COMPARISONS, FREQUENCIES)
