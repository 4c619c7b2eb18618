with

bersih as (
    select
        {{ bersihkan_kolom([
            'no_td', 'nama_lks', 'nik', 'nama', 'tanggal_lahir', 'jenis_kelamin', 'nama_ibu', 'status_ortu', 'tanggal_masuk',
            'tanggal_keluar', 'alasan_keluar'
        ]) }}
    from {{ source('raw', 'kemensos__lksa_anak__in_force') }}
),

dibaca as (
    select
        *,
        {{ baca_nomor('nik') }} as terbaca_nik,
        {{ baca_nama('nama') }} as terbaca_nama,
        {{ baca_nama('nama_ibu') }} as terbaca_nama_ibu,
        {{ baca_tanggal('tanggal_lahir', 'delivery_date') }} as terbaca_tanggal_lahir,
        {{ baca_tanggal('tanggal_masuk', 'delivery_date', 'kejadian') }} as terbaca_tanggal_masuk,
        {{ baca_tanggal('tanggal_keluar', 'delivery_date', 'kejadian') }} as terbaca_tanggal_keluar
    from bersih
)

select
    {{ asal('d') }},
    {{ pilih_nik('nik', 'kode_jenis_kelamin.kode', 'd.terbaca_tanggal_lahir') }},
    null::varchar as no_kk,
    {{ pilih_nama('nama') }},
    {{ pilih_tanggal('tanggal_lahir', presisi=true) }},
    {{ pilih_kode('jenis_kelamin') }},
    {{ pilih_nama('nama_ibu') }},
    null::varchar as kode_kecamatan,
    null::varchar as kode_kabupaten,
    null::varchar as kode_kecamatan_lama,
    null::varchar as kode_kabupaten_lama,
    null::varchar as nik_wali,
    null::varchar as nama_wali,
    null::varchar as kelompok,
    d.delivery_date as tanggal_acuan,
    true as anak,
    {{ isi('d.no_td') }} as no_td,
    {{ isi('d.nama_lks') }} as nama_lks,
    {{ pilih_kode('status_ortu') }},
    {{ pilih_tanggal('tanggal_masuk') }},
    {{ pilih_tanggal('tanggal_keluar') }},
    {{ pilih_kode('alasan_keluar') }}
from dibaca as d
{{ gabung_awalan('nik') }}
{{ gabung_kode('jenis_kelamin', 'jenis_kelamin') }}
{{ gabung_kode('status_ortu', 'status_ortu') }}
{{ gabung_kode('alasan_keluar', 'alasan_keluar') }}
