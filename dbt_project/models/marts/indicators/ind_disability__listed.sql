{{ config(materialized='ephemeral', contract={'enforced': false}) }}

-- Children with a disability by DTSEN's items, and those of them whom PPKS lists: by whatever kind, served or not.
with version as (
    select max(dtsen_versi) as dtsen_versi
    from {{ source('register', 'agregat') }}
),

listed as (
    select distinct p.register_id
    from {{ ref('layanan') }} as l
    inner join {{ ref('int_person__resolved') }} as p on l.person_id = p.person_id
    where l.jenis = 'PPKS'
),

found as (
    select
        r.kode_kabupaten,
        r.disabilitas = '1' as penyandang,
        r.penglihatan in ('1', '2') or r.pendengaran in ('1', '2') or r.berjalan in ('1', '2')
        or r.belajar in ('1', '2') or r.perilaku in ('1', '2') as kesulitan
    from listed as l
    inner join {{ source('link', 'register_person') }} as r on l.register_id = r.register_id
    cross join version as v
    where r.tanggal_lahir <= v.dtsen_versi and date_sub('year', r.tanggal_lahir, v.dtsen_versi) < 18
),

fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        1 as num,
        0 as den
    from found
    where coalesce(penyandang, false) or coalesce(kesulitan, false)
    union all
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        null as jenis_kelamin,
        null as kelompok_umur,
        0 as num,
        anak as den
    from {{ source('register', 'agregat') }}
    where program = 'semua' and aturan = 'disabilitas'
),

{{ roll_up(
    'I35', 'fakta', feed_seen('dtsen') ~ ' and ' ~ feed_seen('kemensos/ppks'), sources=['dtsen', 'kemensos/ppks'],
    by_group=false
) }}
