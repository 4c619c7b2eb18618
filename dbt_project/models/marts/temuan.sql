with visit as (
    select
        w.no_was,
        unnest(coalesce(w.temuan, [])) as temuan,
        w.rekomendasi
    from {{ ref('stg_kpai__pengawasan') }} as w
),

residents as (
    select
        no_td,
        count(distinct person_id) as penghuni
    from {{ ref('hunian') }}
    where terbuka and no_td is not null and kelompok_umur <> '18+'
    group by no_td
)

select
    v.no_was,
    p.tanggal,
    p.objek_jenis,
    p.nama_lks,
    p.no_td,
    p.status_lembaga,
    p.kode_kabupaten,
    p.kode_provinsi,
    v.temuan,
    array_to_string(list_sort(v.rekomendasi), '; ') as rekomendasi,
    p.batas,
    p.status,
    p.status = 'SELESAI' as selesai,
    p.lewat_batas,
    case
        when p.no_td is not null and {{ feed_seen('kemensos/lksa_anak') }} then coalesce(r.penghuni, 0)
    end as penghuni
from visit as v
inner join {{ ref('pengawasan') }} as p on v.no_was = p.no_was
left join residents as r on p.no_td = r.no_td
