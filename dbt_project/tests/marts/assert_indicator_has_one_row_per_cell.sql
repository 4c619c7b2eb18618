{{ config(meta={
    'dimension': 'uniqueness',
    'tentang': 'Setiap sel indikator hanya satu baris.',
    'menghitung': 'sel indikator yang berulang, dari baris marts.indicator'
}) }}

select
    indicator_code,
    periode,
    tingkat,
    kode_kemendagri,
    kategori,
    jenis_kelamin,
    kelompok_umur
from {{ ref('indicator') }}
group by all
having count(*) > 1
