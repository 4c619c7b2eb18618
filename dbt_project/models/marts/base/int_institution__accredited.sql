{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

select
    no_td,
    kode_kabupaten,
    case
        when peringkat is null and tanggal_akhir is null then 'tidak_ada'
        when tanggal_akhir < {{ as_of_date() }} then 'kedaluwarsa'
        when peringkat is null or tanggal_akhir is null then 'tak_diketahui'
        else 'berlaku'
    end as akreditasi
from {{ ref('stg_kemensos__lks') }}
