{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

select
    id_keluarga,
    min(desil) as desil,
    min(kode_kabupaten) as kode_kabupaten,
    cast(dtsen_versi as timestamp) as dtsen_versi
from {{ source('link', 'register_person') }}
group by id_keluarga, dtsen_versi
