with

bersih as (
    select
        {{ bersihkan_kolom([
            'no_kasus', 'tanggal_masuk', 'nik', 'nama', 'tanggal_lahir', 'jenis_kelamin', 'kabupaten', 'kluster', 'sentra',
            'rujukan_dari', 'no_rujukan', 'status', 'tanggal_selesai', 'hasil'
        ]) }},
        {{ baca_daftar('komponen') }} as komponen
    from {{ source('raw', 'kemensos__atensi__in_force') }}
),

bertanggal as (
    select
        *,
        {{ baca_tanggal('tanggal_masuk', 'delivery_date', 'kejadian') }} as terbaca_tanggal_masuk,
        {{ baca_tanggal('tanggal_selesai', 'delivery_date', 'kejadian') }} as terbaca_tanggal_selesai
    from bersih
),

beracuan as (
    select
        *,
        coalesce(terbaca_tanggal_masuk.nilai, delivery_date) as tanggal_acuan
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
    {{ isi('d.no_rujukan') }} as kelompok,
    d.tanggal_acuan,
    true as anak,
    d.no_kasus,
    {{ pilih_tanggal('tanggal_masuk') }},
    {{ pilih_kode('kluster') }},
    {{ pilih_daftar('komponen') }},
    {{ isi('d.sentra') }} as sentra,
    {{ pilih_kode('rujukan_dari') }},
    {{ isi('d.no_rujukan') }} as no_rujukan,
    {{ pilih_kode('status') }},
    {{ pilih_tanggal('tanggal_selesai') }},
    {{ pilih_kode('hasil') }}
from dibaca as d
{{ gabung_daftar('komponen', 'komponen_atensi') }}
{{ gabung_awalan('nik') }}
{{ gabung_wilayah_nama('kabupaten') }}
{{ gabung_kode('jenis_kelamin', 'jenis_kelamin') }}
{{ gabung_kode('kluster', 'kluster_atensi') }}
{{ gabung_kode('rujukan_dari', 'instansi_perujuk') }}
{{ gabung_kode('status', 'status_atensi') }}
{{ gabung_kode('hasil', 'hasil_atensi') }}
