{{ config(materialized='ephemeral', contract={'enforced': false}) }}

-- Children of the register by what makes them vulnerable as far as DTSEN tells, and those whom a service reached.
with helped as (
    select person_id
    from {{ ref('anak') }}
    where pkh_terlihat or yapi_terlihat
    union
    select person_id
    from {{ ref('layanan') }}
    where jenis = 'ATENSI' or terlayani
    union
    select person_id
    from {{ ref('hunian') }}
    where terbuka
),

version as (
    select max(dtsen_versi) as dtsen_versi
    from {{ source('register', 'agregat') }}
),

-- A row of the register counts once, whoever was linked to it; the rules are those of register.agregat.
found as (
    select distinct
        r.register_id,
        r.kode_kabupaten,
        r.desil,
        r.disabilitas,
        r.hubungan_kepala,
        r.partisipasi_sekolah,
        [r.penglihatan, r.pendengaran, r.berjalan, r.belajar, r.perilaku] as kesulitan,
        date_sub('year', r.tanggal_lahir, v.dtsen_versi) as umur
    from helped as h
    inner join {{ ref('int_person__resolved') }} as p on h.person_id = p.person_id
    inner join {{ source('link', 'register_person') }} as r on p.register_id = r.register_id
    cross join version as v
    where r.tanggal_lahir <= v.dtsen_versi and date_sub('year', r.tanggal_lahir, v.dtsen_versi) < 18
),

by_rule as (
    select
        'semua' as kategori,
        kode_kabupaten
    from found
    union all
    select
        'desil_1_4' as kategori,
        kode_kabupaten
    from found
    where desil between 1 and 4
    union all
    select
        'disabilitas' as kategori,
        kode_kabupaten
    from found
    where disabilitas = '1' or list_has_any(kesulitan, ['1', '2'])
    union all
    select
        'tidak_sekolah' as kategori,
        kode_kabupaten
    from found
    where umur between 7 and 17 and partisipasi_sekolah in ('1', '3')
    union all
    select
        'bukan_anak_kepala' as kategori,
        kode_kabupaten
    from found
    where hubungan_kepala is distinct from '3'
),

fakta as (
    select
        kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        1 as num,
        0 as den
    from by_rule
    union all
    select
        aturan as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        null as jenis_kelamin,
        null as kelompok_umur,
        0 as num,
        anak as den
    from {{ source('register', 'agregat') }}
    where program = 'semua'
),

{{ roll_up(
    'I25',
    'fakta',
    feed_seen('dtsen') ~ ' and (' ~ feed_seen('kemensos/atensi') ~ ' or ' ~ feed_seen('kemensos/ppks') ~ ' or '
    ~ feed_seen('kemensos/pkh') ~ ' or ' ~ feed_seen('kemensos/yapi') ~ ' or ' ~ feed_seen('kemensos/lksa_anak') ~ ')',
    sources=['dtsen', 'kemensos/atensi', 'kemensos/lksa_anak', 'kemensos/pkh', 'kemensos/ppks', 'kemensos/yapi'],
    by_group=false
) }}
