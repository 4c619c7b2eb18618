{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with person as (
    select
        person_id,
        tanggal,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur,
        case when anak and kelompok_umur <> '18+' then 'anak' else 'dewasa' end as usia,
        coalesce(terlayani, false) as terlayani
    from {{ ref('layanan') }}
    where jenis = 'PPKS' and (kode_ppks in ('05', '09') or ragam_disabilitas is not null)
),

by_kind as (
    select
        'semua' as kategori,
        *
    from person
    union all
    select
        usia as kategori,
        *
    from person
),

-- One person once in a kind; served when any row of it says so.
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

{{ roll_up('I24', 'fakta', feed_seen('kemensos/ppks'), sources=['kemensos/ppks']) }}
