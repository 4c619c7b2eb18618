select
    p.person_id,
    p.jenis_kelamin,
    {{ age_band('p.tanggal_lahir', as_of_date()) }} as kelompok_umur,
    p.kode_kabupaten,
    left(p.kode_kabupaten, 2) as kode_provinsi,
    p.status_padanan,
    p.jumlah_catatan,
    p.sumber,
    a.pkh_terlihat,
    a.yapi_terlihat
from {{ ref('int_person__resolved') }} as p
inner join {{ ref('int_person__aided') }} as a on p.person_id = a.person_id and a.agency is null
where p.anak
