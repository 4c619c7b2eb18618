{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        penghuni as num,
        kapasitas as den
    from {{ ref('lembaga') }}
    where jenis = 'LKSA' and aktif and kapasitas > 0
),

{{ roll_up(
    'I22', 'fakta', feed_seen('kemensos/lks') ~ ' and ' ~ feed_seen('kemensos/lksa_anak'),
    sources=['kemensos/lks', 'kemensos/lksa_anak'], by_group=false
) }}
