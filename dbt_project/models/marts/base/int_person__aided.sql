{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

-- Twice: by all records (no agency), for indicators and for KPAI; and by Kemensos's own, for what Kemensos is shown.
with paid_semua as (
    select
        program,
        person_id
    from {{ ref('bantuan') }}
    where berjalan
),

paid_kemensos as (
    select
        b.program,
        r.person_id
    from {{ ref('bantuan') }} as b
    inner join {{ ref('int_person_record__own') }} as r on b.record_id = r.record_id
    where b.berjalan
),

person_semua as (
    select
        person_id,
        id_keluarga
    from {{ ref('int_person__resolved') }}
),

person_kemensos as (
    select
        person_id,
        id_keluarga
    from {{ ref('int_person__own') }}
    where agency = 'kemensos'
),

seen as (
    {{ aided('cast(null as varchar)', 'person_semua', 'paid_semua') }}
    union all
    {{ aided("'kemensos'", 'person_kemensos', 'paid_kemensos') }}
)

select
    agency,
    person_id,
    case
        when not {{ feed_seen('kemensos/pkh') }} then null
        when pkh then true
        when id_keluarga is null then null
        else pkh_keluarga
    end as pkh_terlihat,
    case when {{ feed_seen('kemensos/yapi') }} then yapi end as yapi_terlihat
from seen
