with

bersih as (
    select
        {{ bersihkan_kolom([
            'id_pkh', 'nik_wali', 'nama_wali', 'no_kk', 'nik', 'nama', 'tanggal_lahir', 'jenis_kelamin', 'komponen',
            'tahap', 'tahun', 'nominal', 'bank', 'status_salur', 'kode_kabupaten'
        ]) }}
    from {{ source('raw', 'kemensos__pkh__in_force') }}
),

dibaca as (
    select
        *,
        {{ baca_nomor('nik') }} as terbaca_nik,
        {{ baca_nomor('nik_wali') }} as terbaca_nik_wali,
        {{ baca_nomor('no_kk') }} as terbaca_no_kk,
        {{ baca_nama('nama') }} as terbaca_nama,
        {{ baca_nama('nama_wali') }} as terbaca_nama_wali,
        {{ baca_tanggal('tanggal_lahir', 'delivery_date') }} as terbaca_tanggal_lahir,
        {{ baca_bilangan('tahap') }} as terbaca_tahap,
        {{ baca_bilangan('tahun') }} as terbaca_tahun,
        {{ baca_rupiah('nominal') }} as terbaca_nominal
    from bersih
)

select
    {{ asal('d') }},
    {{ pilih_nik('nik', 'kode_jenis_kelamin.kode', 'd.terbaca_tanggal_lahir') }},
    {{ pilih_kk() }},
    {{ pilih_nama('nama') }},
    {{ pilih_tanggal('tanggal_lahir', presisi=true) }},
    {{ pilih_kode('jenis_kelamin') }},
    null::varchar as nama_ibu,
    {{ pilih_wilayah_kode('kode_kabupaten') }},
    {{ pilih_nik('nik_wali') }},
    {{ pilih_nama('nama_wali') }},
    null::varchar as kelompok,
    d.delivery_date as tanggal_acuan,
    true as anak,
    d.id_pkh,
    {{ pilih_kode('komponen') }},
    {{ pilih_nilai('tahap') }},
    {{ pilih_nilai('tahun') }},
    {{ pilih_nilai('nominal') }},
    {{ isi('d.bank') }} as bank,
    {{ pilih_kode('status_salur') }}
from dibaca as d
{{ gabung_awalan('nik') }}
{{ gabung_awalan('nik_wali') }}
{{ gabung_wilayah_kode('kode_kabupaten') }}
{{ gabung_kode('jenis_kelamin', 'jenis_kelamin') }}
{{ gabung_kode('komponen', 'komponen_pkh') }}
{{ gabung_kode('status_salur', 'status_salur') }}
