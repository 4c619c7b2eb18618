{{ config(materialized='ephemeral', contract={'enforced': false}) }}

-- Named after the programmes that were seen: never "no aid".
with programme as (
    select string_agg(upper(split_part(feed, '/', 2)), '+' order by feed) as terlihat
    from {{ ref('int_feed__seen') }}
    where feed in ('kemensos/pkh', 'kemensos/yapi')
),

child as (
    select
        c.periode,
        c.kode_kabupaten,
        c.jenis_kelamin,
        c.kelompok_umur,
        coalesce(p.desil <= 4, false) as desil_1_4,
        not coalesce(a.pkh_terlihat, false) and not coalesce(a.yapi_terlihat, false) as tak_terlihat,
        c.status_padanan = 'perlu_tinjauan' as ragu
    from {{ ref('int_child_case__counted') }} as c
    inner join {{ ref('int_person__resolved') }} as p on c.person_id = p.person_id
    inner join {{ ref('anak') }} as a on c.person_id = a.person_id
    where c.cakupan = 'kpai'
),

-- A child who is not found in DTSEN is not "not poor": it is in no denominator here, and counted in I03.
-- One under review may turn out to be in desil 1-4: the bounds hold it on either side.
fakta as (
    select
        g.terlihat as kategori,
        c.periode,
        c.kode_kabupaten,
        c.jenis_kelamin,
        c.kelompok_umur,
        cast(c.desil_1_4 and c.tak_terlihat as integer) as num,
        cast(c.desil_1_4 as integer) as den,
        cast(c.desil_1_4 and c.tak_terlihat as integer) as num_bawah,
        cast(c.desil_1_4 or c.ragu as integer) as den_bawah,
        cast((c.desil_1_4 and c.tak_terlihat) or c.ragu as integer) as num_atas,
        cast(c.desil_1_4 or c.ragu as integer) as den_atas
    from child as c
    cross join programme as g
),

{{ roll_up(
    'I04',
    'fakta',
    feed_seen('kpai/pengaduan') ~ ' and ' ~ feed_seen('dtsen')
    ~ ' and (' ~ feed_seen('kemensos/pkh') ~ ' or ' ~ feed_seen('kemensos/yapi') ~ ')',
    sources=['dtsen', 'kemensos/pkh', 'kemensos/yapi', 'kpai/pengaduan'],
    bounded=true
) }}
