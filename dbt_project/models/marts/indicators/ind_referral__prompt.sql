{{ config(materialized='ephemeral', contract={'enforced': false}) }}

-- A doubtful referral that was not seen to arrive may have arrived at once: it counts above.
with fakta as (
    select
        'semua' as kategori,
        periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur,
        coalesce(cast(hari <= 3 as integer), 0) as num,
        1 as den,
        coalesce(cast(hari <= 3 as integer), 0) as num_bawah,
        1 as den_bawah,
        cast(coalesce(hari <= 3, false) or ragu as integer) as num_atas,
        1 as den_atas
    from {{ ref('int_referral__counted') }}
),

{{ roll_up(
    'I28', 'fakta', feed_seen('kpai/pengaduan') ~ ' and ' ~ feed_seen('kemensos/atensi'),
    sources=['kemensos/atensi', 'kpai/pengaduan'], bounded=true
) }}
