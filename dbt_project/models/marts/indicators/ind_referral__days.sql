{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur,
        hari,
        -- A doubtful child may have been served at once, or only today.
        case when ragu then 0 else hari end as hari_bawah,
        case when ragu then hari_sejak_pengaduan else hari end as hari_atas
    from {{ ref('int_referral__counted') }}
),

{{ roll_up_median(
    'I12', 'fakta', feed_seen('kpai/pengaduan') ~ ' and ' ~ feed_seen('kemensos/atensi'),
    sources=['kemensos/atensi', 'kpai/pengaduan']
) }}
