{{ config(meta={
    'dimension': 'consistency',
    'tentang': 'Jumlah semua provinsi sama dengan nasional.',
    'menghitung': 'sel nasional yang tidak sama dengan jumlah provinsinya, dari baris marts.indicator'
}) }}

-- A median's numerator counts things too, so every indicator is in it.
with total as (
    select
        indicator_code,
        periode,
        kategori,
        jenis_kelamin,
        kelompok_umur,
        count(*) filter (where tingkat = 'nasional') as nasional,
        sum(numerator) filter (where tingkat = 'nasional') as num_nasional,
        sum(denominator) filter (where tingkat = 'nasional') as den_nasional,
        coalesce(sum(numerator) filter (where tingkat = 'provinsi'), 0) as num_provinsi,
        coalesce(sum(denominator) filter (where tingkat = 'provinsi'), 0) as den_provinsi
    from {{ ref('indicator') }}
    where tingkat in ('nasional', 'provinsi')
    group by indicator_code, periode, kategori, jenis_kelamin, kelompok_umur
)

select *
from total
where nasional <> 1 or num_nasional <> num_provinsi or den_nasional <> den_provinsi
