{{ config(meta={
    'dimension': 'completeness',
    'tentang': 'Setiap kasus KPAI punya satu perjalanan.',
    'menghitung': 'kasus tanpa perjalanan atau dengan lebih dari satu, dari baris marts.kasus'
}) }}

with counted as (
    select
        nomor,
        count(*) as baris,
        0 as jalan
    from {{ ref('kasus') }}
    where agency = 'kpai'
    group by nomor
    union all
    select
        nomor,
        0 as baris,
        count(*) as jalan
    from {{ ref('child_journey') }}
    group by nomor
)

select nomor
from counted
group by nomor
having sum(baris) <> sum(jalan)
