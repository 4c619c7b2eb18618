select
    person_id,
    jabatan,
    kode_kabupaten
from {{ ref('pekerja_sosial') }}
group by all
having count(*) > 1
