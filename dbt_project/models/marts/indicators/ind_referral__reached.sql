{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur,
        cast(sampai as integer) as num,
        1 as den,
        cast(sampai as integer) as num_bawah,
        1 as den_bawah,
        cast(sampai or ragu as integer) as num_atas,
        1 as den_atas
    from {{ ref('int_referral__counted') }}
),

{{ roll_up(
    'I11', 'fakta', feed_seen('kpai/pengaduan') ~ ' and ' ~ feed_seen('kemensos/atensi'),
    sources=['kemensos/atensi', 'kpai/pengaduan'], bounded=true
) }}
