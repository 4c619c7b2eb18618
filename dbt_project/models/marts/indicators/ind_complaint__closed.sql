{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        {{ periods_of('tanggal') }} as periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur_kejadian as kelompok_umur,
        cast(status = 'TERMINASI' as integer) as num,
        1 as den
    from {{ ref('kasus') }}
    where agency = 'kpai' and anak_saat_kejadian and status is not null and tanggal < {{ open_month() }}
),

{{ roll_up('I27', 'fakta', feed_seen('kpai/pengaduan'), sources=['kpai/pengaduan']) }}
