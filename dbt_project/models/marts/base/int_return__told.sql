{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}


-- What an agency is told about its own rows: of KPAI's open cases whether help is reached,
-- of Ditjenpas's whether DTSEN knows the child.
with own as (
    select
        k.record_id,
        k.agency,
        k.person_id,
        k.sampai_layanan,
        {{ strict_link('d') }} as pasti
    from {{ ref('int_kasus__own') }} as k
    inner join {{ source('link', 'decision') }} as d on k.record_id = d.record_id
    where k.anak_saat_kejadian and k.status is distinct from 'TERMINASI'
)

select
    o.agency,
    o.record_id,
    o.pasti as ditemukan,
    case when o.agency = 'kpai' and o.pasti then a.pkh_terlihat end as pkh_terlihat,
    case when o.agency = 'kpai' and o.pasti then a.yapi_terlihat end as yapi_terlihat,
    case when o.agency = 'kpai' then o.sampai_layanan end as sampai_layanan
from own as o
left join {{ ref('int_anak__own') }} as a on o.person_id = a.person_id and o.agency = a.agency
