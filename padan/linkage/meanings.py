"""What each column of schema `link` means, as an auditor reads it: comments in the warehouse, descriptions in the UI."""

from __future__ import annotations

from functools import cache

from padan.linkage.person_v1.definition import PERSON_V1

_SIDES = {
    "decision": "keputusan",
    "register_id": "baris DTSEN",
    "register_key": "kunci orang DTSEN yang tetap antar rilis",
    "person_id": "orang",
}

#: Columns that mean the same in whichever table they stand.
MEANINGS: dict[str, str] = {
    "record_id": "catatan: sidik berkunci dari baris lembaga, tetap selama barisnya sama",
    "agency": "lembaga pengirim",
    "feed": "sumber: jenis kiriman lembaga itu",
    "delivery_date": "tanggal kiriman asal catatan",
    "source_file": "berkas asal catatan",
    "source_row": "nomor baris di berkas itu",
    "entity_type": "yang diputuskan: person (orang) atau institution (lembaga)",
    "person_id": "orang: tetap antar malam, rilis DTSEN dan versi model",
    "institution_id": "lembaga: tetap antar malam",
    "no_td": "nomor tanda daftar LKS yang ditautkan; kosong bila tidak ada",
    "register_id": "baris DTSEN yang ditautkan atau dibandingkan, dari satu rilis; kosong bila tidak ada",
    "register_key": "kunci orang DTSEN yang tetap antar rilis: dari NIK, atau keluarga, nama dan tanggal lahir",
    "decision": "link: tertaut; review: ditanyakan kepada petugas; no_link: belum tertaut, bukan berarti tidak berhak",
    "method": "jalan keputusan: nik atau no_td (nomornya sama dan isinya mendukung), probabilistic, ruling (putusan petugas) atau none",
    "reason": "alasan keputusan (kode); padan why menerangkannya",
    "match_weight": "bobot bukti terhadap calon terbaik, dalam bit (log2 peluang banding)",
    "match_probability": "peluang bahwa catatan dan calon terbaik satu orang (atau lembaga)",
    "margin": "selisih bobot dengan calon kedua, dalam bit; kosong bila tidak ada calon kedua",
    "runner_up_weight": "bobot calon kedua, dalam bit",
    "next_action": "langkah sesudah keputusan ini, dan siapa yang melakukannya",
    "model_version": "versi model yang menilai",
    "policy_version": "versi aturan dan ambang yang memutuskan",
    "run_id": "malam yang menulis baris ini",
    "since_run_id": "malam pertama catatan ini milik orang itu",
    "run_no": "nomor urut malam pemadanan",
    "rank": "urutan calon, 1 yang terberat",
    "rules": "aturan pencarian yang menemukan calon ini",
    "rule": "aturan pencarian yang bloknya dilewati",
    "block_size": "banyak orang di blok yang dilewati",
    "lost": "benar bila catatan tidak mendapat calon dari aturan mana pun",
    "content": "sidik isi catatan: berubah bila yang dibandingkan berubah",
    "barred": "orang DTSEN yang menurut putusan bukan orang catatan ini",
    "basis": "sidik dasar jawaban: rilis, model, aturan dan program",
    "person_no": "nomor calon terbaik di indeks rilis",
    "best_register_id": "baris DTSEN calon terbaik, juga bila tidak tertaut",
    "guarded": "benar bila NIK catatan dipastikan oleh nama atau tanggal lahir",
    "keluarga": "nomor keluarga pemilik NIK wali di indeks rilis",
    "nik_keluarga": "nomor keluarga pemilik NIK catatan di indeks rilis",
    "kode_kabupaten": "kabupaten/kota tempat tinggal",
    "jenis_kelamin": "L laki-laki, P perempuan",
    "cause": "sebab perubahan: data, register, model atau ruling",
    "ruling_id": "putusan petugas",
    "ruling": "isi putusan: same (orang yang sama) atau different (orang lain)",
    "state": "nasib putusan malam ini: berlaku, bertentangan, kedaluwarsa atau tak terpetakan",
    "register": "rilis DTSEN beserta versi indeksnya",
    "model": "sidik model, aturan dan program yang menjawab tiap catatan",
    "program": "sidik program yang juga menyatukan catatan menjadi orang",
    "rulings": "putusan terakhir yang diketahui malam itu",
    "records": "banyak catatan",
    "scored": "banyak catatan yang dijawab baru malam itu (atau oleh malam terhenti sebelumnya); jawaban lainnya tetap berlaku",
    "changed": "banyak catatan yang jawabannya berubah",
} | {
    f"{side}_{column}": f"{what} {when} perubahan"
    for column, what in _SIDES.items()
    for side, when in (("before", "sebelum"), ("after", "sesudah"))
}


@cache
def meanings() -> dict[str, str]:
    """Column of schema `link` → what it means: ours, of a comparison, or that of DTSEN's contract."""
    from schemas.extracts import contracts  # brings Pandera, which no command needs that makes no table

    told = {c.name: c.description for feed in ("dtsen/keluarga", "dtsen/anggota") for c in contracts()[feed].columns}
    for comparison in PERSON_V1.comparisons:
        told[f"gamma_{comparison.name}"] = f"tingkat kesamaan {comparison.name}: 0 berbeda, makin besar makin sama, -1 tidak diketahui"
        told[f"mw_{comparison.name}"] = f"bobot bukti dari {comparison.name}, dalam bit"
    return told | MEANINGS
