{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur,
        cast(orang_tua_hidup as integer) as num,
        1 as den
    from {{ ref('int_resident__counted') }}
    where orang_tua_hidup is not null
),

{{ roll_up('I07', 'fakta', feed_seen('kemensos/lksa_anak'), sources=['kemensos/lks', 'kemensos/lksa_anak']) }}
