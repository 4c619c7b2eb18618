{{ config(meta={
    'dimension': 'accuracy',
    'tentang': 'Setiap nilai indikator berada di dalam selangnya.',
    'menghitung': 'sel yang nilainya di luar selangnya, dari baris marts.indicator'
}) }}

-- A hair of slack for floating point.
select
    indicator_code,
    periode,
    kode_kemendagri,
    kategori,
    jenis_kelamin,
    kelompok_umur
from {{ ref('indicator') }}
where value < lower - 1e-12 or value > upper + 1e-12
