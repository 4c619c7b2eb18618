{{ config(meta={
    'dagster': {'ref': {'name': 'int_conformity'}},
    'dimension': 'completeness',
    'tentang': 'Setiap baris berlaku dari tiap sumber ada tepat sekali di tabel bakunya.',
    'menghitung': 'sumber yang jumlah barisnya berubah, dari kolom yang dinilai'
}) }}

-- Nothing is lost or doubled between what is in force and staging: two codes for one spelling would double a row.
with

terkirim as (
    {{ hitung_terkirim(var('conformity')) }}
),

dibaca as (
    select distinct
        agency,
        feed,
        total
    from {{ ref('int_conformity') }}
)

select
    t.agency,
    t.feed,
    t.baris,
    d.total
from terkirim as t
left join dibaca as d on t.agency = d.agency and t.feed = d.feed
where t.baris is distinct from d.total
