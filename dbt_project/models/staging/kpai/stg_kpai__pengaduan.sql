with

bersih as (
    select
        {{ bersihkan_kolom([
            'no_pengaduan', 'tanggal', 'kanal', 'hubungan_pelapor', 'nama', 'jenis_kelamin', 'usia', 'tanggal_lahir', 'nik',
            'no_kk', 'nama_ibu', 'kabupaten', 'klaster', 'jenis_kasus', 'peran', 'hubungan_pelaku', 'nama_lks',
            'tindak_lanjut', 'status'
        ]) }}
    from {{ source('raw', 'kpai__pengaduan__in_force') }}
),

bertanggal as (
    select
        *,
        {{ baca_tanggal('tanggal', 'delivery_date', 'kejadian') }} as terbaca_tanggal,
        {{ baca_usia('usia') }} as terbaca_usia
    from bersih
),

beracuan as (
    select
        *,
        coalesce(terbaca_tanggal.nilai, delivery_date) as tanggal_acuan
    from bertanggal
),

dibaca as (
    select
        *,
        {{ baca_nomor('nik') }} as terbaca_nik,
        {{ baca_nomor('no_kk') }} as terbaca_no_kk,
        {{ baca_nama('nama') }} as terbaca_nama,
        {{ baca_nama('nama_ibu') }} as terbaca_nama_ibu,
        {{ baca_tanggal('tanggal_lahir', 'delivery_date', saat='tanggal_acuan') }} as terbaca_tanggal_lahir,
        {{ lahir_dari_usia('terbaca_usia', 'tanggal_acuan') }} as lahir_menurut_usia
    from beracuan
)

select
    {{ asal('d') }},
    {{ pilih_nik('nik', 'kode_jenis_kelamin.kode', 'd.terbaca_tanggal_lahir') }},
    {{ pilih_kk() }},
    {{ pilih_nama('nama') }},
    coalesce(d.terbaca_tanggal_lahir.nilai, d.lahir_menurut_usia.nilai) as tanggal_lahir,
    case
        when d.terbaca_tanggal_lahir.presisi = 'none' then d.lahir_menurut_usia.presisi
        else d.terbaca_tanggal_lahir.presisi
    end as tanggal_lahir_precision,
    {{ status_tanggal('d.tanggal_lahir', 'd.terbaca_tanggal_lahir') }} as tanggal_lahir_status,
    {{ pilih_kode('jenis_kelamin') }},
    {{ pilih_nama('nama_ibu') }},
    {{ pilih_wilayah_nama('kabupaten') }},
    null::varchar as nik_wali,
    null::varchar as nama_wali,
    d.no_pengaduan as kelompok,
    d.tanggal_acuan,
    true as anak,
    d.no_pengaduan,
    {{ pilih_tanggal('tanggal') }},
    {{ pilih_nilai('usia') }},
    {{ pilih_kode('kanal') }},
    {{ pilih_kode('hubungan_pelapor') }},
    {{ pilih_kode('klaster') }},
    {{ pilih_kode('jenis_kasus') }},
    {{ pilih_kode('peran') }},
    {{ pilih_kode('hubungan_pelaku') }},
    {{ isi('d.nama_lks') }} as nama_lks,
    {{ pilih_kode('tindak_lanjut') }},
    {{ pilih_kode('status') }}
from dibaca as d
{{ gabung_awalan('nik') }}
{{ gabung_wilayah_nama('kabupaten') }}
{{ gabung_kode('jenis_kelamin', 'jenis_kelamin') }}
{{ gabung_kode('kanal', 'kanal') }}
{{ gabung_kode('hubungan_pelapor', 'hubungan_pelapor') }}
{{ gabung_kode('klaster', 'klaster_kpai') }}
{{ gabung_kode('jenis_kasus', 'jenis_kasus_kpai') }}
{{ gabung_kode('peran', 'peran') }}
{{ gabung_kode('hubungan_pelaku', 'hubungan_pelaku') }}
{{ gabung_kode('tindak_lanjut', 'tindak_lanjut') }}
{{ gabung_kode('status', 'status_pengaduan') }}
