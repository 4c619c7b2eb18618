with

bersih as (
    select
        {{ bersihkan_kolom(['no_was', 'tanggal', 'objek_jenis', 'nama_lks', 'kabupaten', 'batas', 'status']) }},
        {{ baca_daftar('temuan') }} as temuan,
        {{ baca_daftar('rekomendasi') }} as rekomendasi
    from {{ source('raw', 'kpai__pengawasan__in_force') }}
),

dibaca as (
    select
        *,
        {{ baca_tanggal('tanggal', 'delivery_date', 'kejadian') }} as terbaca_tanggal,
        {{ baca_tanggal('batas', 'delivery_date', 'berlaku') }} as terbaca_batas
    from bersih
)

select
    {{ asal('d') }},
    d.no_was,
    {{ pilih_tanggal('tanggal') }},
    {{ pilih_kode('objek_jenis') }},
    {{ isi('d.nama_lks') }} as nama_lks,
    {{ pilih_wilayah_nama('kabupaten') }},
    {{ pilih_daftar('temuan') }},
    {{ pilih_daftar('rekomendasi') }},
    {{ pilih_tanggal('batas') }},
    {{ pilih_kode('status') }}
from dibaca as d
{{ gabung_daftar('temuan', 'temuan') }}
{{ gabung_daftar('rekomendasi', 'rekomendasi') }}
{{ gabung_wilayah_nama('kabupaten') }}
{{ gabung_kode('objek_jenis', 'jenis_objek') }}
{{ gabung_kode('status', 'status_pengawasan') }}
