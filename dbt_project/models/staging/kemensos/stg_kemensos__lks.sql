with

bersih as (
    select
        {{ bersihkan_kolom([
            'no_td', 'nama_lks', 'jenis', 'alamat', 'kode_kabupaten', 'kapasitas', 'jumlah_anak', 'peringkat', 'tanggal_sk',
            'tanggal_akhir', 'aktif'
        ]) }}
    from {{ source('raw', 'kemensos__lks__in_force') }}
),

dibaca as (
    select
        *,
        {{ baca_bilangan('kapasitas') }} as terbaca_kapasitas,
        {{ baca_bilangan('jumlah_anak') }} as terbaca_jumlah_anak,
        {{ baca_tanggal('tanggal_sk', 'delivery_date', 'kejadian') }} as terbaca_tanggal_sk,
        {{ baca_tanggal('tanggal_akhir', 'delivery_date', 'berlaku') }} as terbaca_tanggal_akhir
    from bersih
)

select
    {{ asal('d') }},
    d.no_td,
    {{ isi('d.nama_lks') }} as nama_lks,
    {{ pilih_kode('jenis') }},
    {{ isi('d.alamat') }} as alamat,
    {{ pilih_wilayah_kode('kode_kabupaten') }},
    {{ pilih_nilai('kapasitas') }},
    {{ pilih_nilai('jumlah_anak') }},
    {{ pilih_kode('peringkat') }},
    {{ pilih_tanggal('tanggal_sk') }},
    {{ pilih_tanggal('tanggal_akhir') }},
    {{ pilih_kode('aktif') }}
from dibaca as d
{{ gabung_wilayah_kode('kode_kabupaten') }}
{{ gabung_kode('jenis', 'jenis_lks') }}
{{ gabung_kode('peringkat', 'akreditasi') }}
{{ gabung_kode('aktif', 'aktif') }}
