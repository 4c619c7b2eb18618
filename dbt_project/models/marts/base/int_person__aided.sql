{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

-- Twice: by all records (no agency), for indicators and for KPAI; and by Kemensos's own, for what Kemensos is shown.
{% set views = {'semua': 'cast(null as varchar)', 'kemensos': "'kemensos'"} %}
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

{% for view, agency in views.items() %}
aided_{{ view }} as (
    select
        {{ agency }} as agency,
        person_id,
        id_keluarga,
        person_id in (select a.person_id from paid_{{ view }} as a where a.program = 'PKH') as pkh,
        person_id in (select a.person_id from paid_{{ view }} as a where a.program = 'YAPI') as yapi
    from person_{{ view }}
),

seen_{{ view }} as (
    select
        *,
        id_keluarga in (select a.id_keluarga from aided_{{ view }} as a where a.pkh and a.id_keluarga is not null) as pkh_keluarga
    from aided_{{ view }}
),
{% endfor %}

seen as (
    select * from seen_semua
    union all
    select * from seen_kemensos
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
