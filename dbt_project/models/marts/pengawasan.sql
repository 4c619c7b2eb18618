select
    w.no_was,
    w.tanggal,
    w.objek_jenis,
    w.nama_lks,
    case when d.decision = 'link' then d.no_td end as no_td,
    case d.decision
        when 'link' then 'ditemukan'
        when 'review' then 'perlu_tinjauan'
        else 'belum_ditemukan'
    end as status_lembaga,
    coalesce(w.kode_kabupaten, a.kode_kabupaten) as kode_kabupaten,
    left(coalesce(w.kode_kabupaten, a.kode_kabupaten), 2) as kode_provinsi,
    array_to_string(list_sort(w.temuan), '; ') as temuan,
    coalesce(len(w.temuan), 0) as jumlah_temuan,
    coalesce(list_contains(w.temuan, 'KEKERASAN'), false) as temuan_kekerasan,
    coalesce(len(w.rekomendasi) > 0, false) as ada_rekomendasi,
    w.batas,
    w.status,
    coalesce(w.status = 'TERBUKA' and w.batas < {{ as_of_date() }}, false) as lewat_batas
from {{ ref('stg_kpai__pengawasan') }} as w
left join {{ source('link', 'institution_decision') }} as d on w.record_id = d.record_id
left join {{ ref('int_institution__accredited') }} as a on case when d.decision = 'link' then d.no_td end = a.no_td
