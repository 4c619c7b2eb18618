{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

-- What its own agency may be shown of the person of a record: said by that agency's records and DTSEN alone.
-- A person of one record is known by nothing else.
select
    record_id,
    agency,
    feed,
    person_id,
    person_id as person_id_semua,
    jenis_kelamin,
    kelompok_umur,
    kelompok_umur_kejadian,
    kode_kabupaten,
    kode_provinsi,
    status_padanan,
    anak
from {{ ref('int_person_record__resolved') }}
where sendirian
union all by name
select
    r.record_id,
    r.agency,
    r.feed,
    o.person_id,
    r.person_id as person_id_semua,
    o.jenis_kelamin,
    {{ age_band('o.tanggal_lahir', as_of_date()) }} as kelompok_umur,
    {{ age_band('o.tanggal_lahir', 'r.tanggal_peristiwa') }} as kelompok_umur_kejadian,
    coalesce(r.kode_kabupaten_catatan, o.kode_kabupaten) as kode_kabupaten,
    left(coalesce(r.kode_kabupaten_catatan, o.kode_kabupaten), 2) as kode_provinsi,
    o.status_padanan,
    o.anak
from {{ ref('int_person_record__resolved') }} as r
inner join {{ ref('int_person__own') }} as o on r.agency = o.agency and {{ own_person('r') }} = o.person_id
where not r.sendirian
