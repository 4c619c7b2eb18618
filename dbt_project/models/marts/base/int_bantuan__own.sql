{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}


select
    m.* exclude (person_id, jenis_kelamin, kelompok_umur, kode_kabupaten, kode_provinsi), -- noqa: AM04
    o.agency,
    o.person_id,
    o.jenis_kelamin,
    o.kelompok_umur,
    o.kode_kabupaten,
    o.kode_provinsi,
    'layanan' as tujuan
from {{ ref('bantuan') }} as m
inner join {{ ref('int_person_record__own') }} as o on m.record_id = o.record_id
