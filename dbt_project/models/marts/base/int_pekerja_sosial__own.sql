{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

select
    m.* exclude (jenis_kelamin), -- noqa: AM04
    o.agency,
    o.jenis_kelamin
from {{ ref('pekerja_sosial') }} as m
inner join {{ ref('int_person__own') }} as o on m.person_id = o.person_id and o.agency = 'kemensos'
