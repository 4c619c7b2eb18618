{{ config(materialized='ephemeral', contract={'enforced': false}) }}

-- A worker with two posts is one worker, where the licence runs longest.
with worker as (
    select
        person_id,
        kode_kabupaten,
        str_akhir
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
        cast(str_akhir <= {{ as_of_date() }} + 90 as integer) as num,
        1 as den
    from worker
),

{{ roll_up('I21', 'fakta', feed_seen('kemensos/peksos'), sources=['kemensos/peksos'], by_group=false) }}
