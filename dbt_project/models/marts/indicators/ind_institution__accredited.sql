{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(akreditasi = 'berlaku' as integer) as num,
        1 as den
    from {{ ref('lembaga') }}
    where jenis = 'LKSA' and aktif
),

{{ roll_up('I06', 'fakta', feed_seen('kemensos/lks'), sources=['kemensos/lks'], by_group=false) }}
