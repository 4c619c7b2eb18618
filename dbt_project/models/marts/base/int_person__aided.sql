{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

-- Twice: by all records (no agency), for indicators and for KPAI; and by Kemensos's own, for what Kemensos is shown.
with person as (
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
),

view_of as (
    select distinct agency
    from person
),

aid as (
    select distinct
        v.agency,
        b.program,
        case when v.agency is null then r.person_id_semua else r.person_id end as person_id
    from {{ ref('bantuan') }} as b
    inner join {{ ref('int_person_record__own') }} as r on b.record_id = r.record_id
    cross join view_of as v
    where b.berjalan
),

paid_family as (
    select distinct
        p.agency,
        p.id_keluarga
    from aid as a
    inner join person as p on a.agency is not distinct from p.agency and a.person_id = p.person_id
    where a.program = 'PKH' and p.id_keluarga is not null
)

select
    p.agency,
    p.person_id,
    case
        when not {{ feed_seen('kemensos/pkh') }} then null
        when k.person_id is not null then true
        when p.id_keluarga is null then null
        else f.id_keluarga is not null
    end as pkh_terlihat,
    case when {{ feed_seen('kemensos/yapi') }} then y.person_id is not null end as yapi_terlihat
from person as p
left join aid as k on p.agency is not distinct from k.agency and p.person_id = k.person_id and k.program = 'PKH'
left join aid as y on p.agency is not distinct from y.agency and p.person_id = y.person_id and y.program = 'YAPI'
left join paid_family as f on p.agency is not distinct from f.agency and p.id_keluarga = f.id_keluarga
