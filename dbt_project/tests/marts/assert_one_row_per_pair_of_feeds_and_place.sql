select
    agency_kiri,
    feed_kiri,
    agency_kanan,
    feed_kanan,
    tingkat,
    kode_kemendagri
from {{ ref('padanan') }}
group by all
having count(*) > 1
