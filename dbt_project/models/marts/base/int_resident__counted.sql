{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

select
    person_id,
    no_td,
    jenis_kelamin,
    kelompok_umur,
    kode_kabupaten,
    akreditasi,
    status_ortu,
    orang_tua_hidup
from {{ ref('hunian') }}
where terbuka and kelompok_umur <> '18+'
-- A child listed by two institutions at once lives in the one it entered last.
qualify row_number() over (
    partition by person_id
    order by tanggal_masuk desc nulls last, no_td asc nulls last, akreditasi asc, status_ortu asc nulls last
) = 1
