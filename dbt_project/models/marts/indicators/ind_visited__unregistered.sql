{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(status_lembaga = 'belum_ditemukan' as integer) as num,
        1 as den,
        -- An institution that a person must look at may turn out to be registered, or not.
        cast(status_lembaga = 'belum_ditemukan' as integer) as num_bawah,
        1 as den_bawah,
        cast(status_lembaga <> 'ditemukan' as integer) as num_atas,
        1 as den_atas
    from {{ ref('pengawasan') }}
    where objek_jenis = 'LKSA'
),

{{ roll_up(
    'I19', 'fakta', feed_seen('kpai/pengawasan') ~ ' and ' ~ feed_seen('kemensos/lks'),
    sources=['kemensos/lks', 'kpai/pengawasan'], by_group=false, bounded=true
) }}
