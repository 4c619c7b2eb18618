{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

-- Without what DTSEN says: whom it does not name there would be read as not poor, or as not found.
select * -- noqa: AM04
from {{ ref('child_category') }}
where sumber <> 'dtsen'
