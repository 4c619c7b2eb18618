with

bersih as (
    select
        {{ bersihkan_kolom([
            'nik', 'nama', 'tanggal_lahir', 'jabatan', 'kode_kabupaten', 'no_sertifikat', 'no_str', 'str_akhir'
        ]) }}
    from {{ source('raw', 'kemensos__peksos__in_force') }}
),

dibaca as (
    select
        *,
        {{ baca_nomor('nik') }} as terbaca_nik,
        {{ baca_nama('nama') }} as terbaca_nama,
        {{ baca_tanggal('tanggal_lahir', 'delivery_date', termuda=17) }} as terbaca_tanggal_lahir,
        {{ baca_tanggal('str_akhir', 'delivery_date', 'berlaku') }} as terbaca_str_akhir
    from bersih
)

select
    {{ asal('d') }},
    {{ pilih_nik('nik', lahir='d.terbaca_tanggal_lahir') }},
    null::varchar as no_kk,
    {{ pilih_nama('nama') }},
    {{ pilih_tanggal('tanggal_lahir', presisi=true) }},
    null::varchar as jenis_kelamin,
    null::varchar as nama_ibu,
    {{ pilih_wilayah_kode('kode_kabupaten') }},
    null::varchar as nik_wali,
    null::varchar as nama_wali,
    null::varchar as kelompok,
    d.delivery_date as tanggal_acuan,
    false as anak,
    {{ pilih_kode('jabatan') }},
    {{ isi('d.no_sertifikat') }} as no_sertifikat,
    {{ isi('d.no_str') }} as no_str,
    {{ pilih_tanggal('str_akhir') }}
from dibaca as d
{{ gabung_awalan('nik') }}
{{ gabung_wilayah_kode('kode_kabupaten') }}
{{ gabung_kode('jabatan', 'jabatan') }}
