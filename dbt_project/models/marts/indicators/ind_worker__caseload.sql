{{ config(materialized='ephemeral', contract={'enforced': false}) }}

-- A worker with two posts is one worker, where the licence runs longest.
with worker as (
    select
        person_id,
        kode_kabupaten
    from {{ ref('pekerja_sosial') }}
    where berizin
    qualify row_number() over (partition by person_id order by str_akhir desc, kode_kabupaten asc) = 1
),

fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        1 as num,
        0 as den
    from {{ ref('int_child_case__counted') }}
    where cakupan = 'semua' and periode = strftime({{ open_month() }} - 1, '%Y')
    union all
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        null as jenis_kelamin,
        null as kelompok_umur,
        0 as num,
        1 as den
    from worker
),

{{ roll_up(
    'I08', 'fakta',
    feed_seen('kemensos/peksos') ~ ' and (' ~ feed_seen('kpai/pengaduan') ~ ' or ' ~ feed_seen('ditjenpas/abh') ~ ')',
    sources=['ditjenpas/abh', 'kemensos/peksos', 'kpai/pengaduan'], by_group=false
) }}
