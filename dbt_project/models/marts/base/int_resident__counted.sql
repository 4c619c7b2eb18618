{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

select *
from {{ ref('hunian') }}
where terbuka and kelompok_umur <> '18+'
-- A child listed by two institutions at once lives in the one it entered last.
qualify row_number() over (
    partition by person_id
    order by tanggal_masuk desc nulls last, no_td nulls last, akreditasi, status_ortu nulls last
) = 1
