select
    h.record_id,
    r.person_id,
    r.jenis_kelamin,
    r.kelompok_umur,
    r.status_padanan,
    case when d.decision = 'link' then d.no_td end as no_td,
    case d.decision
        when 'link' then 'ditemukan'
        when 'review' then 'perlu_tinjauan'
        else 'belum_ditemukan'
    end as status_lembaga,
    a.kode_kabupaten,
    left(a.kode_kabupaten, 2) as kode_provinsi,
    coalesce(a.akreditasi, 'tak_diketahui') as akreditasi,
    h.tanggal_masuk,
    h.tanggal_keluar,
    h.alasan_keluar,
    coalesce(h.tanggal_masuk <= {{ as_of_date() }}, true)
    and coalesce(h.tanggal_keluar > {{ as_of_date() }}, h.alasan_keluar is null) as terbuka,
    h.status_ortu,
    o.ortu_hidup = 'YA' as orang_tua_hidup
from {{ ref('stg_kemensos__lksa_anak') }} as h
inner join {{ ref('int_person_record__resolved') }} as r on h.record_id = r.record_id
left join {{ ref('codes_status_ortu') }} as o on h.status_ortu = o.kode
left join {{ source('link', 'institution_decision') }} as d on h.record_id = d.record_id
left join {{ ref('int_institution__accredited') }} as a on case when d.decision = 'link' then d.no_td end = a.no_td
