{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}


-- KPAI may know whether its children are helped. What Kemensos is shown rests on its own rows,
-- and never says who was not found.
select
    o.agency,
    o.person_id,
    o.jenis_kelamin,
    {{ age_band('o.tanggal_lahir', as_of_date()) }} as kelompok_umur,
    o.status_padanan,
    case when o.agency = 'kemensos' then coalesce(a.pkh_terlihat, false) else a.pkh_terlihat end as pkh_terlihat,
    a.yapi_terlihat
from {{ ref('int_person__own') }} as o
inner join {{ ref('int_person__aided') }} as a
    on
        a.person_id = case when o.agency = 'kemensos' then o.person_id else coalesce(o.person_id_lain, o.person_id) end
        and a.agency is not distinct from case when o.agency = 'kemensos' then 'kemensos' end
where o.anak
