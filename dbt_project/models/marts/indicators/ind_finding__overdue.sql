{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(lewat_batas as integer) as num,
        1 as den
    from {{ ref('pengawasan') }}
    where status = 'TERBUKA' and jumlah_temuan > 0 and batas is not null
),

{{ roll_up('I16', 'fakta', feed_seen('kpai/pengawasan'), sources=['kpai/pengawasan'], by_group=false) }}
