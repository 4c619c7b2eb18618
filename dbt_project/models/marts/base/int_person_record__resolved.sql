{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

with dated as (
    select
        *,
        -- A date after the as-of day is a slip of the pen: the delivery's date stands in.
        case when tanggal_acuan <= {{ as_of_date() }} then tanggal_acuan else delivery_date end as tanggal_peristiwa
    from {{ ref('int_person__standardized') }}
)

select
    s.record_id,
    s.agency,
    s.feed,
    d.person_id,
    d.decision,
    s.delivery_date,
    s.nik is not null as ada_nik,
    length(s.nama) > 0 and s.tanggal_lahir is not null as ada_nama_dan_tanggal,
    s.tanggal_peristiwa,
    coalesce(s.kode_kabupaten, p.kode_kabupaten) as kode_kabupaten,
    left(coalesce(s.kode_kabupaten, p.kode_kabupaten), 2) as kode_provinsi,
    s.kode_kabupaten as kode_kabupaten_catatan,
    p.status_padanan,
    p.jenis_kelamin,
    {{ age_band('p.tanggal_lahir', as_of_date()) }} as kelompok_umur,
    {{ age_band('p.tanggal_lahir', 's.tanggal_peristiwa') }} as kelompok_umur_kejadian,
    p.anak,
    d.decision = 'link' and p.jumlah_catatan = 1 as sendirian
from dated as s
inner join {{ source('link', 'decision') }} as d on s.record_id = d.record_id
inner join {{ ref('int_person__resolved') }} as p on d.person_id = p.person_id
