{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

-- A release older than the last one that was kept adds nothing: history is written forwards.
{% set kept = adapter.get_relation(database=target.database, schema='marts', identifier='keluarga') if execute %}
select
    id_keluarga,
    any_value(desil order by register_id) as desil,
    any_value(kode_kabupaten order by register_id) as kode_kabupaten,
    cast(dtsen_versi as timestamp) as dtsen_versi
from {{ source('link', 'register_person') }}
{% if kept %}
    where dtsen_versi >= (select coalesce(max(k.dibaca_pada), timestamp '1970-01-01') from {{ kept }} as k)
{% endif %}
group by id_keluarga, dtsen_versi
