{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with staffed as (
    select distinct kode_kabupaten
    from {{ ref('pekerja_sosial') }}
    where berizin
),

fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        w.kode as kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(w.kode not in (select s.kode_kabupaten from staffed as s) as integer) as num,
        1 as den
    from {{ ref('codes_wilayah') }} as w
    where w.tingkat in ('kabupaten', 'kota')
),

{{ roll_up('I09', 'fakta', feed_seen('kemensos/peksos'), sources=['kemensos/peksos'], by_group=false) }}
