{{ config(meta={
    'dimension': 'consistency',
    'tentang': 'Jumlah menurut jenis kelamin dan umur sama dengan semua.',
    'menghitung': 'sel yang rinciannya tidak berjumlah, dari baris marts.indicator'
}) }}

with cell as (
    select
        *,
        case
            when jenis_kelamin = 'semua' and kelompok_umur = 'semua' then 'semua'
            when kelompok_umur = 'semua' then 'jenis_kelamin'
            else 'kelompok_umur'
        end as rincian
    from {{ ref('indicator') }}
    where tingkat in ('nasional', 'provinsi')
)

select
    indicator_code,
    periode,
    kategori,
    tingkat,
    kode_kemendagri
from cell
group by all
having
    sum(numerator) filter (where rincian = 'semua') <> sum(numerator) filter (where rincian = 'jenis_kelamin')
    or sum(numerator) filter (where rincian = 'semua') <> sum(numerator) filter (where rincian = 'kelompok_umur')
    or sum(denominator) filter (where rincian = 'semua') <> sum(denominator) filter (where rincian = 'jenis_kelamin')
    or sum(denominator) filter (where rincian = 'semua') <> sum(denominator) filter (where rincian = 'kelompok_umur')
