with

bersih as (
    select
        {{ bersihkan_kolom([
            'nik', 'nama', 'tanggal_lahir', 'jenis_kelamin', 'status_ortu', 'nama_wali', 'tempat', 'kabupaten', 'bulan',
            'nominal'
        ]) }}
    from {{ source('raw', 'kemensos__yapi__in_force') }}
),

berbulan as (
    select
        *,
        {{ baca_bulan('bulan', 'delivery_date') }} as terbaca_bulan
    from bersih
),

dibaca as (
    select
        *,
        coalesce(terbaca_bulan, delivery_date) as tanggal_acuan,
        {{ baca_nomor('nik') }} as terbaca_nik,
        {{ baca_nama('nama') }} as terbaca_nama,
        {{ baca_nama('nama_wali') }} as terbaca_nama_wali,
        {{ baca_tanggal('tanggal_lahir', 'delivery_date') }} as terbaca_tanggal_lahir,
        {{ baca_rupiah('nominal') }} as terbaca_nominal
    from berbulan
)

select
    {{ asal('d') }},
    {{ pilih_nik('nik', 'kode_jenis_kelamin.kode', 'd.terbaca_tanggal_lahir') }},
    null::varchar as no_kk,
    {{ pilih_nama('nama') }},
    {{ pilih_tanggal('tanggal_lahir', presisi=true) }},
    {{ pilih_kode('jenis_kelamin') }},
    null::varchar as nama_ibu,
    {{ pilih_wilayah_nama('kabupaten') }},
    null::varchar as nik_wali,
    {{ pilih_nama('nama_wali') }},
    null::varchar as kelompok,
    d.tanggal_acuan,
    true as anak,
    {{ pilih_kode('status_ortu') }},
    {{ pilih_kode('tempat') }},
    {{ pilih_nilai('bulan') }},
    {{ pilih_nilai('nominal') }}
from dibaca as d
{{ gabung_awalan('nik') }}
{{ gabung_wilayah_nama('kabupaten') }}
{{ gabung_kode('jenis_kelamin', 'jenis_kelamin') }}
{{ gabung_kode('status_ortu', 'status_ortu') }}
{{ gabung_kode('tempat', 'tempat_asuh') }}
