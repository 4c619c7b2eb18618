{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}


select
    m.* exclude (person_id, jenis_kelamin, kelompok_umur, status_padanan), -- noqa: AM04
    o.agency,
    o.person_id,
    o.jenis_kelamin,
    o.kelompok_umur,
    o.status_padanan
from {{ ref('hunian') }} as m
inner join {{ ref('int_person_record__own') }} as o on m.record_id = o.record_id
