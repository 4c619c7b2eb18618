with

bersih as (
    select
        {{ bersihkan_kolom([
            'no_litmas', 'nama', 'tanggal_lahir', 'jenis_kelamin', 'nik', 'kabupaten', 'pasal', 'tahap', 'diversi',
            'penempatan', 'tanggal_litmas'
        ]) }}
    from {{ source('raw', 'ditjenpas__abh__in_force') }}
),

bertanggal as (
    select
        *,
        {{ baca_tanggal('tanggal_litmas', 'delivery_date', 'kejadian') }} as terbaca_tanggal_litmas
    from bersih
),

beracuan as (
    select
        *,
        coalesce(terbaca_tanggal_litmas.nilai, delivery_date) as tanggal_acuan
    from bertanggal
),

dibaca as (
    select
        *,
        {{ baca_nomor('nik') }} as terbaca_nik,
        {{ baca_nama('nama') }} as terbaca_nama,
        {{ baca_tanggal('tanggal_lahir', 'delivery_date', saat='tanggal_acuan') }} as terbaca_tanggal_lahir
    from beracuan
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
    null::varchar as nama_wali,
    null::varchar as kelompok,
    d.tanggal_acuan,
    true as anak,
    d.no_litmas,
    {{ pilih_kode('pasal') }},
    {{ pilih_kode('tahap') }},
    {{ pilih_kode('diversi') }},
    {{ pilih_kode('penempatan') }},
    {{ pilih_tanggal('tanggal_litmas') }}
from dibaca as d
{{ gabung_awalan('nik') }}
{{ gabung_wilayah_nama('kabupaten') }}
{{ gabung_kode('jenis_kelamin', 'jenis_kelamin') }}
{{ gabung_kode('pasal', 'pasal') }}
{{ gabung_kode('tahap', 'tahap_abh') }}
{{ gabung_kode('diversi', 'diversi') }}
{{ gabung_kode('penempatan', 'penempatan') }}
