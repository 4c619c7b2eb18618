{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

-- A linked person of one record is known to one agency, and to it as to all: only the others are put together again.
with sendirian as not materialized (
    select
        split_part(sumber, '/', 1) as agency,
        cast(null as varchar) as person_id_lain,
        * exclude (sumber)
    from {{ ref('int_person__resolved') }}
    where jumlah_catatan = 1 and status_padanan = 'ditemukan'
),

beberapa as (
    select person_id
    from {{ ref('int_person__resolved') }}
    where jumlah_catatan > 1
),

lainnya as not materialized (
    select *
    from {{ source('link', 'decision') }}
    where
        decision <> 'link'
        or person_id in (select p.person_id from beberapa as p)
)

select * from sendirian -- noqa: AM04
union all by name
select * from (
    {{ resolved_person(
        ['agency', 'person_id'], 'person_id_lain', "case when d.decision <> 'link' then d.person_id end",
        'min(person_id_lain)', own_person('d'), 'lainnya'
    ) }}
)
