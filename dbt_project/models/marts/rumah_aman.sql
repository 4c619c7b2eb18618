select
    id_rumah_aman,
    kode_kabupaten,
    left(kode_kabupaten, 2) as kode_provinsi,
    kapasitas,
    jenis_sertifikat,
    sertifikat_akhir,
    coalesce(sertifikat_akhir >= {{ as_of_date() }}, false) as bersertifikat
from {{ ref('stg_kemensos__rumah_aman') }}
