{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(not ada_rekomendasi as integer) as num,
        1 as den
    from {{ ref('pengawasan') }}
    where status = 'SELESAI' and temuan_kekerasan
),

{{ roll_up('I17', 'fakta', feed_seen('kpai/pengawasan'), sources=['kpai/pengawasan'], by_group=false) }}
