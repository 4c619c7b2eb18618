{{ config(materialized='ephemeral', contract={'enforced': false}) }}

-- Named after the programmes that were seen: never "no aid".
with programme as (
    select string_agg(upper(split_part(feed, '/', 2)), '+' order by feed) as terlihat
    from {{ ref('int_feed__seen') }}
    where feed in ('kemensos/pkh', 'kemensos/yapi')
),

child as (
    select
        c.*,
        p.desil <= 4 as desil_1_4,
        not coalesce(a.pkh_terlihat, false) and not coalesce(a.yapi_terlihat, false) as tanpa_bantuan
    from {{ ref('int_child_case__counted') }} as c
    inner join {{ ref('int_person__resolved') }} as p using (person_id)
    inner join {{ ref('anak') }} as a using (person_id)
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
        cast(coalesce(c.desil_1_4 and c.tanpa_bantuan, false) as integer) as num,
        cast(coalesce(c.desil_1_4, false) as integer) as den,
        cast(coalesce(c.desil_1_4 and c.tanpa_bantuan, false) as integer) as num_bawah,
        cast(coalesce(c.desil_1_4, false) or c.status_padanan = 'perlu_tinjauan' as integer) as den_bawah,
        cast(coalesce(c.desil_1_4 and c.tanpa_bantuan, false) or c.status_padanan = 'perlu_tinjauan' as integer) as num_atas,
        cast(coalesce(c.desil_1_4, false) or c.status_padanan = 'perlu_tinjauan' as integer) as den_atas
    from child as c
    cross join programme as g
),

{{ roll_up(
    'I04', 'fakta',
    feed_seen('kpai/pengaduan') ~ ' and ' ~ feed_seen('dtsen') ~ ' and (' ~ feed_seen('kemensos/pkh') ~ ' or ' ~ feed_seen('kemensos/yapi') ~ ')',
    sources=['dtsen', 'kemensos/pkh', 'kemensos/yapi', 'kpai/pengaduan'], bounded=true
) }}
