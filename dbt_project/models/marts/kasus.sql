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

-- UU 11/2012: a diversion that succeeded leaves no mark of the offence;
-- and who turned 18 longer ago than the contract lets us keep the row leaves the marts.
abh as (
    select
        a.record_id,
        a.no_litmas as nomor,
        case when coalesce(a.diversi, '') <> 'BERHASIL' then a.pasal end as pasal,
        case when coalesce(a.diversi, '') <> 'BERHASIL' then a.tahap end as tahap,
        a.diversi,
        case when coalesce(a.diversi, '') <> 'BERHASIL' then a.penempatan end as penempatan,
        s.diversi_dapat = 'YA' as diversi_dapat
    from {{ ref('stg_ditjenpas__abh') }} as a
    inner join {{ ref('int_person__standardized') }} as p on a.record_id = p.record_id
    left join {{ ref('codes_pasal') }} as s on a.pasal = s.kode
    where
        p.tanggal_lahir is null
        or p.tanggal_lahir + to_years(18 + {{ var('retensi')['ditjenpas/abh'] }}) > {{ as_of_date() }}
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
