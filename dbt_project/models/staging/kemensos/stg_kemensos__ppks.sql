with

bersih as (
    select
        {{ bersihkan_kolom([
            'kode_ppks', 'nik', 'no_kk', 'nama', 'tanggal_lahir', 'jenis_kelamin', 'ragam_disabilitas', 'kode_kecamatan',
            'terlayani', 'tanggal_data'
        ]) }}
    from {{ source('raw', 'kemensos__ppks__in_force') }}
),

bertanggal as (
    select
        *,
        {{ baca_tanggal('tanggal_data', 'delivery_date', 'kejadian') }} as terbaca_tanggal_data
    from bersih
),

beracuan as (
    select
        *,
        coalesce(terbaca_tanggal_data.nilai, delivery_date) as tanggal_acuan
    from bertanggal
),

dibaca as (
    select
        *,
        {{ baca_nomor('nik') }} as terbaca_nik,
        {{ baca_nomor('no_kk') }} as terbaca_no_kk,
        {{ baca_nama('nama') }} as terbaca_nama,
        {{ baca_tanggal('tanggal_lahir', 'delivery_date', saat='tanggal_acuan') }} as terbaca_tanggal_lahir
    from beracuan
)

select
    {{ asal('d') }},
    {{ pilih_nik('nik', 'kode_jenis_kelamin.kode', 'd.terbaca_tanggal_lahir') }},
    {{ pilih_kk() }},
    {{ pilih_nama('nama') }},
    {{ pilih_tanggal('tanggal_lahir', presisi=true) }},
    {{ pilih_kode('jenis_kelamin') }},
    null::varchar as nama_ibu,
    {{ pilih_wilayah_kode('kode_kecamatan') }},
    null::varchar as nik_wali,
    null::varchar as nama_wali,
    null::varchar as kelompok,
    d.tanggal_acuan,
    true as anak,
    {{ pilih_kode('kode_ppks') }},
    {{ pilih_kode('ragam_disabilitas') }},
    {{ pilih_kode('terlayani') }},
    {{ pilih_tanggal('tanggal_data') }}
from dibaca as d
{{ gabung_awalan('nik') }}
{{ gabung_wilayah_kode('kode_kecamatan') }}
{{ gabung_kode('jenis_kelamin', 'jenis_kelamin') }}
{{ gabung_kode('kode_ppks', 'ppks') }}
{{ gabung_kode('ragam_disabilitas', 'ragam_disabilitas') }}
{{ gabung_kode('terlayani', 'terlayani') }}
