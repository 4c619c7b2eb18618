{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

-- KPAI learns how many children live where it found something, not how few.
select
    t.* exclude (penghuni), -- noqa: AM04
    case when t.penghuni >= 10 then cast(5 * round(t.penghuni / 5.0) as bigint) end as penghuni
from {{ ref('temuan') }} as t
