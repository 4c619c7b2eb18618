{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

-- KPAI learns how many children live where it found something, not how few.
select * replace (case when penghuni >= 10 then cast(5 * round(penghuni / 5.0) as bigint) end as penghuni)
from {{ ref('temuan') }}
