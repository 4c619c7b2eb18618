{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}


-- Families are those of Kemensos's own links: whether help is seen never rests on a case.
with paid_pkh as (
    select distinct
        o.person_id,
        o.id_keluarga
    from {{ ref('bantuan') }} as b
    inner join {{ ref('int_person__own') }} as o on b.person_id = o.person_id
    where b.program = 'PKH' and b.berjalan and o.agency = 'kemensos'
),

paid_family as (
    select distinct id_keluarga
    from paid_pkh
    where id_keluarga is not null
),

yapi as (
    select distinct person_id
    from {{ ref('bantuan') }}
    where program = 'YAPI' and berjalan
),

-- Of every person by all records (no agency), and of those that Kemensos knows by its own.
person as (
    select
        cast(null as varchar) as agency,
        person_id,
        id_keluarga
    from {{ ref('int_person__resolved') }}
    union all
    select
        agency,
        person_id,
        id_keluarga
    from {{ ref('int_person__own') }}
    where agency = 'kemensos'
)

select
    p.agency,
    p.person_id,
    case
        when not {{ feed_seen('kemensos/pkh') }} then null
        when p.person_id in (select q.person_id from paid_pkh as q) then true
        when p.id_keluarga is null then null
        else p.id_keluarga in (select q.id_keluarga from paid_family as q)
    end as pkh_terlihat,
    case
        when {{ feed_seen('kemensos/yapi') }} then p.person_id in (select y.person_id from yapi as y)
    end as yapi_terlihat
from person as p
