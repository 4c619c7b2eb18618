{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

with own as (
    select
        person_id_semua,
        min(jenis_kelamin) as jenis_kelamin
    from {{ ref('int_person_record__own') }}
    where agency = 'kemensos' and feed = 'peksos'
    group by person_id_semua
)

select
    m.* exclude (jenis_kelamin), -- noqa: AM04
    'kemensos' as agency,
    o.jenis_kelamin
from {{ ref('pekerja_sosial') }} as m
inner join own as o on m.person_id = o.person_id_semua
