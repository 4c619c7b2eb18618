{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

with referral as (
    select
        k.record_id,
        k.no_pengaduan,
        r.person_id,
        r.tanggal_peristiwa as tanggal,
        count(distinct r.person_id) over (partition by k.no_pengaduan) as anak_dalam_pengaduan,
        coalesce(k.status = 'DIRUJUK', false) or coalesce(k.tindak_lanjut = 'RUJUKAN', false) as dirujuk
    from {{ ref('stg_kpai__pengaduan') }} as k
    inner join {{ ref('int_person_record__resolved') }} as r on k.record_id = r.record_id
),

service as (
    select
        a.no_rujukan,
        a.tanggal_masuk,
        r.person_id
    from {{ ref('stg_kemensos__atensi') }} as a
    inner join {{ ref('int_person_record__resolved') }} as r on a.record_id = r.record_id
),

reached as (
    -- By number: a sibling's service under the same complaint is not this child's.
    select
        r.record_id,
        r.tanggal,
        s.tanggal_masuk,
        'nomor_rujukan' as jalur
    from referral as r
    inner join service as s on r.no_pengaduan = s.no_rujukan
    where r.dirujuk and (s.person_id = r.person_id or r.anak_dalam_pengaduan = 1)
    union all
    select
        r.record_id,
        r.tanggal,
        s.tanggal_masuk,
        'orang_yang_sama' as jalur
    from referral as r
    inner join service as s on r.person_id = s.person_id
    where r.dirujuk and s.tanggal_masuk >= r.tanggal
)

select
    record_id,
    -- nomor_rujukan comes first: the number is the stronger evidence.
    min(jalur) as jalur,
    min(tanggal_masuk) filter (where tanggal_masuk >= tanggal) as tanggal_layanan,
    min(date_diff('day', tanggal, tanggal_masuk)) filter (where tanggal_masuk >= tanggal) as hari_ke_layanan
from reached
group by record_id
