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
    {{ pilih_daftar('temuan', 'peta_temuan.peta') }},
    {{ pilih_daftar('rekomendasi', 'peta_rekomendasi.peta') }},
    {{ pilih_tanggal('batas') }},
    {{ pilih_kode('status') }}
from dibaca as d
cross join ({{ peta_kode('temuan') }}) as peta_temuan
cross join ({{ peta_kode('rekomendasi') }}) as peta_rekomendasi
{{ gabung_wilayah_nama('kabupaten') }}
{{ gabung_kode('objek_jenis', 'jenis_objek') }}
{{ gabung_kode('status', 'status_pengawasan') }}
