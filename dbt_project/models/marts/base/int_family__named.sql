{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

select
    id_keluarga,
    any_value(desil order by register_id) as desil,
    any_value(kode_kabupaten order by register_id) as kode_kabupaten,
    cast(dtsen_versi as timestamp) as dtsen_versi
from {{ source('link', 'register_person') }}
group by id_keluarga, dtsen_versi
