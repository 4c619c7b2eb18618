{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur,
        cast(akreditasi in ('tidak_ada', 'kedaluwarsa') as integer) as num,
        cast(akreditasi <> 'tak_diketahui' as integer) as den,
        -- A resident of an institution that was not found: accredited below, unaccredited above.
        cast(akreditasi in ('tidak_ada', 'kedaluwarsa') as integer) as num_bawah,
        1 as den_bawah,
        cast(akreditasi <> 'berlaku' as integer) as num_atas,
        1 as den_atas
    from {{ ref('int_resident__counted') }}
),

{{ roll_up(
    'I05', 'fakta', feed_seen('kemensos/lksa_anak') ~ ' and ' ~ feed_seen('kemensos/lks'),
    sources=['kemensos/lks', 'kemensos/lksa_anak'], bounded=true
) }}
