{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(
            coalesce(jawaban = 'sudah_dilayani' and date_diff('day', listed_on, tanggal) <= 90, false) as integer
        ) as num,
        1 as den
    from {{ ref('int_list__answered') }}
    where date_diff('day', listed_on, {{ as_of_date() }}) >= 90
),

{{ roll_up(
    'I31', 'fakta', 'exists (select 1 from ' ~ source('returns', 'listed') ~ ')', sources="'padan/daftar'", by_group=false
) }}
