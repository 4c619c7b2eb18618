with kpai as (
    select
        k.record_id,
        k.no_pengaduan as nomor,
        k.klaster,
        k.jenis_kasus,
        k.peran,
        k.tindak_lanjut,
        k.status,
        coalesce(k.status = 'DIRUJUK', false) or coalesce(k.tindak_lanjut = 'RUJUKAN', false) as dirujuk
    from {{ ref('stg_kpai__pengaduan') }} as k
),

abh as (
    select
        a.record_id,
        a.no_litmas as nomor,
        a.pasal,
        a.tahap,
        a.diversi,
        a.penempatan,
        s.diversi_dapat = 'YA' as diversi_dapat
    from {{ ref('stg_ditjenpas__abh') }} as a
    left join {{ ref('codes_pasal') }} as s on a.pasal = s.kode
),

cases as (
    select * from kpai
    union all by name
    select * from abh
)

select
    c.record_id,
    r.agency,
    r.feed,
    c.nomor,
    r.person_id,
    r.tanggal_peristiwa as tanggal,
    r.jenis_kelamin,
    r.kelompok_umur,
    r.kelompok_umur_kejadian,
    r.kelompok_umur_kejadian <> '18+' as anak_saat_kejadian,
    r.kode_kabupaten,
    r.kode_provinsi,
    r.status_padanan,
    c.klaster,
    c.jenis_kasus,
    c.peran,
    c.tindak_lanjut,
    c.status,
    c.dirujuk,
    case when c.dirujuk and {{ feed_seen('kemensos/atensi') }} then l.record_id is not null end as sampai_layanan,
    l.jalur as jalur_layanan,
    l.tanggal_layanan,
    cast(l.hari_ke_layanan as integer) as hari_ke_layanan,
    c.pasal,
    c.tahap,
    c.diversi,
    c.diversi_dapat,
    c.penempatan
from cases as c
inner join {{ ref('int_person_record__resolved') }} as r on c.record_id = r.record_id
left join {{ ref('int_referral__reached') }} as l on c.record_id = l.record_id
