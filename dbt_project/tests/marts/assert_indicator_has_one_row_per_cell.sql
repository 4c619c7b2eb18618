select
    indicator_code,
    periode,
    tingkat,
    kode_kemendagri,
    kategori,
    jenis_kelamin,
    kelompok_umur
from {{ ref('indicator') }}
group by all
having count(*) > 1
