{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        'semua' as kategori,
        periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        cast(jawaban is not null as integer) as num,
        1 as den
    from {{ ref('int_list__answered') }}
    where listed_on <= {{ as_of_date() }}
),

{{ roll_up(
    'I29', 'fakta', 'exists (select 1 from ' ~ source('returns', 'listed') ~ ')', sources="'padan/daftar'", by_group=false
) }}
