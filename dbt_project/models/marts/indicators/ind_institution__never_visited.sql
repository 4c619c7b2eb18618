{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with visited as (
    select distinct no_td
    from {{ ref('pengawasan') }}
    where no_td is not null
),

fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(no_td not in (select v.no_td from visited as v) as integer) as num,
        1 as den
    from {{ ref('lembaga') }}
    where jenis = 'LKSA' and aktif and penghuni > 0
),

{{ roll_up(
    'I20',
    'fakta',
    feed_seen('kemensos/lks') ~ ' and ' ~ feed_seen('kemensos/lksa_anak') ~ ' and ' ~ feed_seen('kpai/pengawasan'),
    sources=['kemensos/lks', 'kemensos/lksa_anak', 'kpai/pengawasan'],
    by_group=false
) }}
