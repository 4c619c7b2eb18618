{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        {{ periods_of('tanggal') }} as periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur_kejadian as kelompok_umur,
        cast(diversi = 'BERHASIL' as integer) as num,
        1 as den
    from {{ ref('kasus') }}
    where
        agency = 'ditjenpas' and anak_saat_kejadian and diversi_dapat and diversi is not null
        and tanggal < {{ open_month() }}
),

{{ roll_up('I14', 'fakta', feed_seen('ditjenpas/abh'), sources=['ditjenpas/abh']) }}
