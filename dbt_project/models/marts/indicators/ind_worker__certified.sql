{{ config(materialized='ephemeral', contract={'enforced': false}) }}


-- A person with two roles or two regencies is counted in each.
with fakta as (
    select
        jabatan as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(bersertifikat as integer) as num,
        1 as den
    from {{ ref('pekerja_sosial') }}
),

{{ roll_up('I32', 'fakta', feed_seen('kemensos/peksos'), sources=['kemensos/peksos'], by_group=false) }}
