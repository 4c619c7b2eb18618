{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}


select
    m.* exclude ( -- noqa: AM04
        person_id, jenis_kelamin, kelompok_umur, kelompok_umur_kejadian,
        kode_kabupaten, kode_provinsi, status_padanan, anak_saat_kejadian
    ),
    o.person_id,
    o.jenis_kelamin,
    o.kelompok_umur,
    o.kelompok_umur_kejadian,
    o.kode_kabupaten,
    o.kode_provinsi,
    o.status_padanan,
    o.kelompok_umur_kejadian <> '18+' as anak_saat_kejadian
from {{ ref('kasus') }} as m
inner join {{ ref('int_person_record__own') }} as o on m.record_id = o.record_id
