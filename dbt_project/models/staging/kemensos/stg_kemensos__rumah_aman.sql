with

bersih as (
    select
        {{ bersihkan_kolom([
            'id_rumah_aman', 'kode_kabupaten', 'kapasitas', 'jenis_sertifikat', 'no_sertifikat', 'sertifikat_akhir'
        ]) }}
    from {{ source('raw', 'kemensos__rumah_aman__in_force') }}
),

dibaca as (
    select
        *,
        {{ baca_bilangan('kapasitas') }} as terbaca_kapasitas,
        {{ baca_tanggal('sertifikat_akhir', 'delivery_date', 'berlaku') }} as terbaca_sertifikat_akhir
    from bersih
)

select
    {{ asal('d') }},
    d.id_rumah_aman,
    {{ pilih_wilayah_kode('kode_kabupaten') }},
    {{ pilih_nilai('kapasitas') }},
    {{ pilih_kode('jenis_sertifikat') }},
    {{ isi('d.no_sertifikat') }} as no_sertifikat,
    {{ pilih_tanggal('sertifikat_akhir') }}
from dibaca as d
{{ gabung_wilayah_kode('kode_kabupaten') }}
{{ gabung_kode('jenis_sertifikat', 'sertifikat_rumah_aman') }}
