{{ config(meta={
    'dimension': 'consistency',
    'tentang': 'Jumlah semua kabupaten sama dengan provinsinya.',
    'menghitung': 'sel provinsi yang tidak sama dengan jumlah kabupatennya, dari baris marts.indicator'
}) }}

with total as (
    select
        indicator_code,
        periode,
        kategori,
        left(kode_kemendagri, 2) as kode_provinsi,
        count(*) filter (where tingkat = 'provinsi') as provinsi,
        sum(numerator) filter (where tingkat = 'provinsi') as num_provinsi,
        sum(denominator) filter (where tingkat = 'provinsi') as den_provinsi,
        coalesce(sum(numerator) filter (where tingkat = 'kabupaten'), 0) as num_kabupaten,
        coalesce(sum(denominator) filter (where tingkat = 'kabupaten'), 0) as den_kabupaten
    from {{ ref('indicator') }}
    where tingkat in ('provinsi', 'kabupaten') and jenis_kelamin = 'semua' and kelompok_umur = 'semua'
    group by indicator_code, periode, kategori, left(kode_kemendagri, 2)
)

select *
from total
where provinsi <> 1 or num_provinsi <> num_kabupaten or den_provinsi <> den_kabupaten
