with residents as (
    select
        no_td,
        count(distinct person_id) as penghuni
    from {{ ref('hunian') }}
    where terbuka
    group by no_td
)

select
    l.no_td,
    l.nama_lks,
    l.jenis,
    l.kode_kabupaten,
    left(l.kode_kabupaten, 2) as kode_provinsi,
    l.aktif = 'YA' as aktif,
    l.kapasitas,
    l.jumlah_anak,
    case when {{ feed_seen('kemensos/lksa_anak') }} then coalesce(r.penghuni, 0) end as penghuni,
    l.peringkat,
    l.tanggal_sk,
    l.tanggal_akhir,
    a.akreditasi
from {{ ref('stg_kemensos__lks') }} as l
inner join {{ ref('int_institution__accredited') }} as a on l.no_td = a.no_td
left join residents as r on l.no_td = r.no_td
