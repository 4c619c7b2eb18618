{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with child as (
    select
        l.person_id,
        l.tanggal,
        l.kode_kabupaten,
        l.jenis_kelamin,
        l.kelompok_umur,
        coalesce(l.ragam_disabilitas, 'RAGAM TAK DISEBUT') as ragam,
        coalesce(l.terlayani, false) as terlayani
    from {{ ref('layanan') }} as l
    where
        l.jenis = 'PPKS' and l.anak and l.kelompok_umur <> '18+'
        and (l.kode_ppks = '05' or l.ragam_disabilitas is not null)
),

by_kind as (
    select
        'semua' as kategori,
        *
    from child
    union all
    select
        ragam as kategori,
        *
    from child
),

-- One child once in a kind; served when any row of it says so.
counted as (
    select
        *,
        bool_or(terlayani) over (partition by kategori, person_id) as pernah_terlayani
    from by_kind
    qualify row_number() over (
        partition by kategori, person_id
        order by tanggal desc nulls last, kode_kabupaten asc nulls last
    ) = 1
),

fakta as (
    select
        kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur,
        cast(pernah_terlayani as integer) as num,
        1 as den
    from counted
),

{{ roll_up('I15', 'fakta', feed_seen('kemensos/ppks'), sources=['kemensos/ppks']) }}
