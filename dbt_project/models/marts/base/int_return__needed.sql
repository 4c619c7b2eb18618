{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}


-- Whom Kemensos's own offices should see, each reason one that an ordinary row gives. Nothing here reads a row of
-- another agency: that a child has a case can change no list (tests/unit/marts/test_marts_returns.py).
-- Recipients of aid are on it for no reason that names them unlinked.
with own as (
    select
        r.record_id,
        r.feed,
        r.person_id,
        s.kode_kabupaten,
        r.status_padanan,
        {{ strict_link('d') }} as pasti,
        case when d.decision = 'link' then p.desil end as desil
    from {{ ref('int_person_record__own') }} as r
    inner join {{ ref('int_person__standardized') }} as s on r.record_id = s.record_id
    inner join {{ source('link', 'decision') }} as d on r.record_id = d.record_id
    left join {{ source('link', 'register_person') }} as p on d.register_id = p.register_id
    where r.agency = 'kemensos' and r.anak and r.kelompok_umur <> '18+' and r.feed in ('ppks', 'lksa_anak')
),

aid as (
    select
        person_id,
        pkh_terlihat,
        yapi_terlihat
    from {{ ref('int_person__aided') }}
    where agency = 'kemensos'
),

pkh_limit as (
    select max_by(cast(desil_max as integer), cast(dari as date)) as desil_max
    from {{ ref('codes_syarat_program') }}
    where program = 'PKH' and cast(dari as date) <= {{ as_of_date() }}
),

resident as (
    select
        record_id,
        status_ortu
    from {{ ref('hunian') }}
    where terbuka
),

needed as (
    select
        o.*,
        unnest([
            case when t.dilayani = 'TIDAK' then 'perlu_layanan' end,
            case
                when
                    o.status_padanan = 'belum_ditemukan'
                    and not coalesce(a.pkh_terlihat, false) and not coalesce(a.yapi_terlihat, false)
                    then 'perlu_pendaftaran'
            end,
            case when o.pasti and o.desil <= l.desil_max and a.pkh_terlihat = false then 'perlu_dinilai_pkh' end,
            case
                when h.status_ortu in ('YATIM', 'PIATU', 'YATIM PIATU') and a.yapi_terlihat = false
                    then 'perlu_dinilai_yapi'
            end
        ]) as alasan
    from own as o
    left join aid as a on o.person_id = a.person_id
    left join {{ ref('stg_kemensos__ppks') }} as p on o.record_id = p.record_id
    left join {{ ref('codes_terlayani') }} as t on p.terlayani = t.kode
    left join resident as h on o.record_id = h.record_id
    cross join pkh_limit as l
    where o.feed = 'ppks' or h.record_id is not null
)

select
    'kemensos' as agency,
    record_id,
    feed,
    -- Where it was delivered, never where DTSEN or another agency says that the child lives;
    -- a resident's place is nobody's to tell.
    case when feed = 'ppks' then kode_kabupaten end as kode_kabupaten,
    list_sort(list(alasan)) as alasan
from needed
where alasan is not null
group by record_id, feed, kode_kabupaten
