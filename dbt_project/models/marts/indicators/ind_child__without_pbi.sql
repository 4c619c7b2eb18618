{{ config(materialized='ephemeral', contract={'enforced': false}) }}

-- DTSEN itself tells who has PBI: a gap of the register, not of a delivery.
with fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        case program when 'PBI' then -anak else anak end as num,
        case program when 'PBI' then 0 else anak end as den
    from {{ source('register', 'agregat') }}
    where aturan = 'desil_1_4' and program in ('PBI', 'semua')
),

{{ roll_up('I26', 'fakta', feed_seen('dtsen'), sources=['dtsen'], by_group=false) }}
