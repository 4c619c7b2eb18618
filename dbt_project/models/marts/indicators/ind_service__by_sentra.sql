{{ config(materialized='ephemeral', contract={'enforced': false}) }}


with fakta as (
    select
        coalesce(sentra, 'tak_diketahui') as kategori,
        {{ as_of_month() }} as periode,
        cast(null as varchar) as kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(coalesce(status = 'SELESAI', false) as integer) as num,
        1 as den
    from {{ ref('layanan') }}
    where jenis = 'ATENSI'
),

{{ roll_up('I33', 'fakta', feed_seen('kemensos/atensi'), sources=['kemensos/atensi'], by_group=false) }}
