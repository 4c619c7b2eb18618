-- Kemensos's dates stay with Kemensos: KPAI reads how long a step took, in bands.
with referral as (
    select
        k.record_id,
        k.agency,
        k.nomor,
        k.person_id,
        k.tanggal,
        k.jenis_kelamin,
        k.kelompok_umur_kejadian,
        k.anak_saat_kejadian,
        k.kode_kabupaten,
        k.kode_provinsi,
        k.status,
        k.dirujuk,
        k.sampai_layanan,
        k.tanggal_layanan,
        k.hari_ke_layanan
    from {{ ref('int_kasus__own') }} as k
    where k.agency = 'kpai'
),

-- The first service on or after the referral, and how it went on.
service as (
    select
        r.record_id,
        min_by(a.status, (a.tanggal_masuk, a.no_kasus)) as status,
        min_by(date_diff('day', a.tanggal_masuk, a.tanggal_selesai), (a.tanggal_masuk, a.no_kasus)) as hari
    from referral as r
    inner join {{ ref('int_person_record__own') }} as g on r.record_id = g.record_id
    inner join {{ ref('int_person_record__resolved') }} as p on g.person_id_semua = p.person_id
    inner join {{ ref('stg_kemensos__atensi') }} as a on p.record_id = a.record_id
    where a.tanggal_masuk = r.tanggal_layanan
    group by r.record_id
)

select
    r.agency,
    r.nomor,
    r.person_id,
    r.tanggal,
    r.jenis_kelamin,
    r.kelompok_umur_kejadian,
    r.anak_saat_kejadian,
    r.kode_kabupaten,
    r.kode_provinsi,
    case
        when r.status = 'TERMINASI' then 'selesai'
        when s.status = 'SELESAI' then 'layanan_selesai'
        when r.sampai_layanan then 'dilayani'
        when r.dirujuk then 'dirujuk'
        else 'diadukan'
    end as tahap,
    r.dirujuk,
    r.sampai_layanan,
    case
        when r.dirujuk and r.sampai_layanan is not null then {{ day_band('r.hari_ke_layanan', 'r.sampai_layanan') }}
    end as jarak_layanan,
    case
        when r.sampai_layanan then {{ day_band('s.hari', "s.status = 'SELESAI'") }}
    end as lama_layanan
from referral as r
left join service as s on r.record_id = s.record_id
