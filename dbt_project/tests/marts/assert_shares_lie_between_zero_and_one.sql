{{ config(meta={
    'dimension': 'validity',
    'tentang': 'Setiap bagian berada di antara nol dan satu.',
    'menghitung': 'sel yang bagiannya di luar nol sampai satu, dari baris marts.indicator'
}) }}

-- I08 is children for each worker and I12 days: the two that are no share.
select
    indicator_code,
    periode,
    kode_kemendagri,
    kategori,
    jenis_kelamin,
    kelompok_umur
from {{ ref('indicator') }}
where
    numerator < 0
    or denominator < 0
    or (indicator_code not in ('I08', 'I12') and (numerator > denominator or lower < 0 or upper > 1))
