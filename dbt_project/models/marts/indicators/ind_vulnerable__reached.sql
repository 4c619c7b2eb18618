{{ config(materialized='ephemeral', contract={'enforced': false}) }}

-- Children of the register by what makes them vulnerable as far as DTSEN tells, and those whom a service reached.
with version as (
    select max(dtsen_versi) as dtsen_versi
    from {{ source('register', 'agregat') }}
),

reached as (
    select register_id
    from {{ ref('int_person__resolved') }}
    where
        register_id is not null
        and (
            person_id in (
                select a.person_id
                from {{ ref('anak') }} as a
                where a.pkh_terlihat or a.yapi_terlihat
            )
            or person_id in (
                select l.person_id
                from {{ ref('layanan') }} as l
                where l.jenis = 'ATENSI' or l.terlayani
            )
            or person_id in (
                select h.person_id
                from {{ ref('hunian') }} as h
                where h.terbuka
            )
        )
),

-- A row of the register counts once, whoever was linked to it; the rules are those of register.agregat.
-- Those alike are counted before the rules are asked: they are far fewer kinds than children.
alike as (
    select
        r.kode_kabupaten,
        r.desil between 1 and 4 as desil_1_4,
        r.disabilitas = '1'
        or r.penglihatan in ('1', '2') or r.pendengaran in ('1', '2') or r.berjalan in ('1', '2')
        or r.belajar in ('1', '2') or r.perilaku in ('1', '2') as disabilitas,
        date_sub('year', r.tanggal_lahir, v.dtsen_versi) between 7 and 17
        and r.partisipasi_sekolah in ('1', '3') as tidak_sekolah,
        coalesce(r.hubungan_kepala <> '3', true) as bukan_anak_kepala,
        count(*) as jumlah
    from {{ source('link', 'register_person') }} as r
    cross join version as v
    where
        r.tanggal_lahir <= v.dtsen_versi and date_sub('year', r.tanggal_lahir, v.dtsen_versi) < 18
        and r.register_id in (select e.register_id from reached as e)
    group by all
),

found as (
    select
        kode_kabupaten,
        jumlah,
        unnest([
            'semua',
            case when desil_1_4 then 'desil_1_4' end,
            case when disabilitas then 'disabilitas' end,
            case when tidak_sekolah then 'tidak_sekolah' end,
            case when bukan_anak_kepala then 'bukan_anak_kepala' end
        ]) as kategori
    from alike
),

fakta as (
    select
        kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        cast(null as varchar) as jenis_kelamin,
        cast(null as varchar) as kelompok_umur,
        jumlah as num,
        0 as den
    from found
    where kategori is not null
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
