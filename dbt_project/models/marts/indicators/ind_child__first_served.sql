{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with served as (
    select
        person_id,
        tanggal,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur_kejadian as kelompok_umur,
        coalesce(kluster, 'TANPA KLUSTER') as kluster,
        min(tanggal) over (partition by person_id) as pertama
    from {{ ref('layanan') }}
    where jenis = 'ATENSI' and kelompok_umur_kejadian <> '18+'
),

dated as (
    select
        *,
        {{ periods_of('tanggal') }} as periode
    from served
),

by_kind as (
    select
        'semua' as kategori,
        *
    from dated
    union all
    select
        kluster as kategori,
        *
    from dated
),

-- One child once in a period and cluster, where it was served last.
counted as (
    select *
    from by_kind
    qualify row_number() over (
        partition by kategori, periode, person_id
        order by tanggal desc, kode_kabupaten asc nulls last, kelompok_umur asc
    ) = 1
),

fakta as (
    select
        kategori,
        periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur,
        cast(starts_with(strftime(pertama, '%Y-%m'), periode) as integer) as num,
        1 as den
    from counted
),

{{ roll_up('I23', 'fakta', feed_seen('kemensos/atensi'), sources=['kemensos/atensi']) }}
