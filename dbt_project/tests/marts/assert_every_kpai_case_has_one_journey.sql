{{ config(meta={
    'dimension': 'completeness',
    'tentang': 'Setiap kasus KPAI punya satu perjalanan.',
    'menghitung': 'kasus tanpa perjalanan atau dengan lebih dari satu, dari baris marts.kasus'
}) }}

with counted as (
    select
        nomor,
        person_id,
        count(*) as baris,
        0 as jalan
    from {{ ref('kasus') }}
    where agency = 'kpai'
    group by nomor, person_id
    union all
    select
        nomor,
        person_id,
        0 as baris,
        count(*) as jalan
    from {{ ref('child_journey') }}
    group by nomor, person_id
)

select
    nomor,
    person_id
from counted
group by nomor, person_id
having sum(baris) <> sum(jalan)
