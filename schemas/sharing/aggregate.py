"""Tables that everyone may open: indicators with small cells hidden, and what each indicator means."""

from __future__ import annotations

from schemas.sharing.vocabulary import Table, of

INDICATOR = Table(
    "indicator",
    "Satu baris tiap indikator, periode, wilayah dan rincian. Sel kecil ditutup: kuncinya tetap, angkanya kosong.",
    of(
        "padan",
        indicator_code="kode indikator, lihat indicator_definition",
        periode="bulan peristiwa, atau bulan kiriman bila sumber tidak bertanggal",
        tingkat="nasional, provinsi, kabupaten, atau kelompok: semua kabupaten tertutup satu provinsi bersama-sama",
        kode_kemendagri="kode wilayah Kemendagri; kelompok: kode provinsi diikuti .*",
        kategori="rincian kategori; semua = tanpa rincian",
        jenis_kelamin="L, P atau semua",
        kelompok_umur="kelompok umur atau semua",
        numerator="pembilang; kosong bila ditutup; orang dibulatkan ke lima",
        denominator="penyebut; kosong bila ditutup",
        value="nilai; kosong bila ditutup",
        lower="batas bawah ketidakpastian padanan",
        upper="batas atas ketidakpastian padanan",
        baseline="nilai awal kebijakan",
        target="sasaran kebijakan",
        cakupan_sumber="sumber yang dilihat angka ini",
        dtsen_versi="rilis DTSEN yang dipakai",
        suppressed="benar bila ditutup karena sel kecil atau agar sel kecil lain tidak dapat dihitung",
        run_id="terbitan",
    ),
)
DEFINITION = Table(
    "indicator_definition",
    "Satu baris tiap indikator: rumus dalam kata-kata, pemilik, sumber dan dasar kebijakan.",
    of(
        "padan",
        indicator_code="kode indikator",
        nama="nama indikator, menurut program yang terlihat",
        rumus="rumus dalam kata-kata",
        pembilang="apa yang dihitung",
        penyebut="dari apa",
        satuan="satuan nilai",
        periode="arti periode",
        kategori="arti rincian kategori",
        sumber="sumber data",
        pemilik="pemilik indikator",
        dasar_kebijakan="dasar kebijakan",
        sensitif="benar bila ambang sel kecil yang lebih besar berlaku",
        tingkat_terendah="tingkat wilayah terendah yang dihitung",
        baseline="nilai awal kebijakan",
        baseline_keterangan="asal nilai awal",
        target="sasaran kebijakan",
        galat="berapa kali laju galat padanan menjadi ragam angka ini; kosong bila tidak bergantung pada padanan orang",
    ),
)
REGION = Table(
    "wilayah",
    "Satu baris tiap kode wilayah dan masa berlakunya.",
    of(
        "padan",
        kode="kode Kemendagri",
        nama="nama pada masa itu",
        tingkat="provinsi, kabupaten, kota atau kecamatan",
        kode_induk="kode wilayah di atasnya; kosong untuk provinsi",
        kode_kini="kode yang kini menggantikannya",
        dasar="undang-undang yang mengganti kodenya",
        dari="berlaku sejak; kosong bila sejak edisi terlama yang dikenal",
        sampai="berlaku sampai; kosong bila masih berlaku",
    ),
)
AGGREGATE = (INDICATOR, DEFINITION, REGION)
#: Columns that elsewhere would name a person, and here name an indicator or a region.
NAMES_NO_PERSON = {"indicator_definition": frozenset({"nama", "sumber"}), "wilayah": frozenset({"nama"})}

#: Indicators whose both sides count institutions or regencies: nobody is in a cell, however small.
COUNTS_NOBODY = frozenset({"I06", "I09", "I10", "I16", "I19", "I20", "I34"})
#: Indicators whose base counts the workforce or places; their cells are small by their numerator alone.
BASE_COUNTS_NOBODY = frozenset({"I08", "I22"})
#: Indicators of children who live in institutions: a regency may have one, and its children are known to those near it.
COUNTS_RESIDENTS = frozenset({"I05", "I07", "I18", "I22"})
#: A category that is a feed of these agencies counts children in cases, whatever the indicator.
CASE_AGENCIES = ("kpai", "ditjenpas")
