{{ config(materialized='ephemeral', contract={'enforced': false}) }}


-- Each visit to an LKSA under each kind of finding that any visit met.
with kind as (
    select distinct temuan
    from {{ ref('temuan') }}
    where objek_jenis = 'LKSA'
),

fakta as (
    select
        k.temuan as kategori,
        {{ as_of_month() }} as periode,
        p.kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(t.no_was is not null as integer) as num,
        1 as den
    from {{ ref('pengawasan') }} as p
    cross join kind as k
    left join {{ ref('temuan') }} as t on p.no_was = t.no_was and k.temuan = t.temuan
    where p.objek_jenis = 'LKSA'
),

{{ roll_up('I34', 'fakta', feed_seen('kpai/pengawasan'), sources=['kpai/pengawasan'], by_group=false) }}
