{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with certified as (
    select distinct kode_kabupaten
    from {{ ref('rumah_aman') }}
    where bersertifikat and kode_kabupaten is not null
),

fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        w.kode as kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(w.kode in (select c.kode_kabupaten from certified as c) as integer) as num,
        1 as den
    from {{ ref('codes_wilayah') }} as w
    where w.tingkat in ('kabupaten', 'kota')
),

{{ roll_up('I10', 'fakta', feed_seen('kemensos/rumah_aman'), sources=['kemensos/rumah_aman'], by_group=false) }}
