{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

select distinct agency || '/' || feed as feed
from {{ source('ledger', 'delivery') }}
where
    status in ('accepted', 'superseded', 'history')
    and agency <> 'dtsen'
    and delivery_date <= {{ as_of_date() }}
{% if tonight('dtsen_versi') %}
    union all
    select 'dtsen'
{% endif %}
