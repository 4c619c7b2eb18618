with worker as (
    select
        r.person_id,
        w.jabatan,
        w.kode_kabupaten,
        r.jenis_kelamin,
        w.no_sertifikat,
        w.no_str,
        w.str_akhir,
        coalesce(j.pekerja_sosial = 'YA', false) as jabatan_pekerja_sosial
    from {{ ref('stg_kemensos__peksos') }} as w
    inner join {{ ref('int_person_record__resolved') }} as r on w.record_id = r.record_id
    left join {{ ref('codes_jabatan') }} as j on w.jabatan = j.kode
)

select
    person_id,
    coalesce(jabatan, 'tak_diketahui') as jabatan,
    coalesce(kode_kabupaten, '00.00') as kode_kabupaten,
    left(coalesce(kode_kabupaten, '00.00'), 2) as kode_provinsi,
    min(jenis_kelamin) as jenis_kelamin,
    bool_or(no_sertifikat is not null) as bersertifikat,
    max(str_akhir) as str_akhir,
    coalesce(bool_or(jabatan_pekerja_sosial) and max(str_akhir) >= {{ as_of_date() }}, false) as berizin
from worker
group by person_id, jabatan, kode_kabupaten
