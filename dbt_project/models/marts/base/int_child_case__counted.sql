{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

with dated as (
    select
        agency,
        person_id,
        tanggal,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur_kejadian as kelompok_umur,
        status_padanan,
        {{ periods_of('tanggal') }} as periode
    from {{ ref('kasus') }}
    where anak_saat_kejadian and tanggal < {{ open_month() }}
),

-- KPAI's children alone, and those of both agencies: a child known to both is one child.
counted as (
    select
        'kpai' as cakupan,
        *
    from dated
    where agency = 'kpai'
    union all
    select
        'semua' as cakupan,
        *
    from dated
)

select
    cakupan,
    periode,
    person_id,
    kode_kabupaten,
    jenis_kelamin,
    kelompok_umur,
    status_padanan
from counted
qualify row_number() over (
    partition by cakupan, periode, person_id
    order by tanggal desc, kode_kabupaten asc nulls last, kelompok_umur asc
) = 1
