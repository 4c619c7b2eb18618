-- For named case managers only (padan attention); each row asks a person to look, and does nothing by itself.
with complaint as (
    select
        k.record_id,
        k.nomor as kunci,
        k.person_id,
        k.tanggal,
        k.kode_kabupaten,
        k.status,
        s.hubungan_pelaku,
        s.jenis_kasus in (
            select v.kode_sumber
            from {{ ref('codes_kategori_anak') }} as v
            where v.sumber = 'kpai' and v.kode_amanat in ('i', 'j')
        ) as kekerasan
    from {{ ref('kasus') }} as k
    inner join {{ ref('stg_kpai__pengaduan') }} as s on k.record_id = s.record_id
    where k.agency = 'kpai' and k.anak_saat_kejadian
),

served as (
    select distinct c.record_id
    from complaint as c
    inner join {{ ref('int_person_record__resolved') }} as r on c.person_id = r.person_id
    inner join {{ ref('stg_kemensos__atensi') }} as a on r.record_id = a.record_id
    where a.tanggal_masuk >= c.tanggal
    union
    select record_id
    from {{ ref('int_referral__reached') }}
),

unserved as (
    select
        'tanpa_layanan_72_jam' as aturan,
        'kpai' as agency,
        record_id,
        kunci,
        person_id,
        kode_kabupaten,
        tanggal as mulai,
        cast(tanggal + interval 3 day as date) as batas
    from complaint
    where
        kekerasan and status is distinct from 'TERMINASI' and tanggal + interval 3 day <= {{ as_of_date() }}
        and {{ feed_seen('kemensos/atensi') }}
        and record_id not in (select s.record_id from served as s)
),

-- DTSEN tells whose child one is only by the head: the father is taken to be it,
-- the mother where a woman is known to be.
head as (
    select
        p.person_id,
        bool_or(h.jenis_kelamin in ('P', '2')) as kepala_perempuan
    from {{ ref('int_person__resolved') }} as p
    inner join {{ source('link', 'register_person') }} as c on p.register_id = c.register_id
    left join {{ source('link', 'register_person') }} as h on c.id_keluarga = h.id_keluarga and h.hubungan_kepala = '1'
    where c.hubungan_kepala = '3'
    group by p.person_id
),

near as (
    select
        'terduga_pelaku_kepala_keluarga' as aturan,
        'kpai' as agency,
        c.record_id,
        c.kunci,
        c.person_id,
        c.kode_kabupaten,
        c.tanggal as mulai,
        c.tanggal as batas
    from complaint as c
    inner join head as h on c.person_id = h.person_id
    where
        c.status is distinct from 'TERMINASI'
        and c.hubungan_pelaku = case when coalesce(h.kepala_perempuan, false) then 'IBU' else 'AYAH' end
),

-- A complaint with several rows about one child is one complaint.
complained as (
    select distinct on (person_id, kunci) *
    from complaint
    order by person_id, kunci, tanggal, record_id
),

followed as (
    select
        *,
        lag(tanggal) over (partition by person_id order by tanggal asc, kunci asc) as sebelumnya
    from complained
),

-- Another complaint about the same child within a year of the one before.
repeated as (
    select
        'pengaduan_berulang' as aturan,
        'kpai' as agency,
        record_id,
        kunci,
        person_id,
        kode_kabupaten,
        tanggal as mulai,
        tanggal as batas
    from followed
    where tanggal <= sebelumnya + interval 1 year
),

resident as (
    select
        'tinggal_di_bawah_temuan_kekerasan' as aturan,
        'kemensos' as agency,
        h.record_id,
        h.no_td as kunci,
        h.person_id,
        h.kode_kabupaten,
        min(w.tanggal) as mulai,
        min(coalesce(w.batas, w.tanggal)) as batas
    from {{ ref('hunian') }} as h
    inner join {{ ref('pengawasan') }} as w on h.no_td = w.no_td
    where h.terbuka and h.kelompok_umur <> '18+' and w.temuan_kekerasan and w.status = 'TERBUKA'
    group by h.record_id, h.no_td, h.person_id, h.kode_kabupaten
),

rung as (
    select * from unserved
    union all by name
    select * from near
    union all by name
    select * from repeated
    union all by name
    select * from resident
)

select
    aturan,
    agency,
    record_id,
    kunci,
    person_id,
    kode_kabupaten,
    mulai,
    batas,
    cast(date_diff('day', batas, {{ as_of_date() }}) as integer) as hari_lewat
from rung
