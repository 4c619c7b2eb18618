-- Said by the agency that delivered the row and by DTSEN: one agency's rules never rest on another one's rows.
with mapped as (
    select
        record_id,
        'kpai' as daftar,
        jenis_kasus as kode
    from {{ ref('stg_kpai__pengaduan') }}
    union all
    select
        record_id,
        'ppks' as daftar,
        kode_ppks as kode
    from {{ ref('stg_kemensos__ppks') }}
    union all
    -- Ditjenpas delivers children suspected of an offence; a diversion that succeeded ends the mark (UU 11/2012).
    select
        record_id,
        'abh' as daftar,
        'PELAKU' as kode
    from {{ ref('stg_ditjenpas__abh') }}
    where diversi is distinct from 'BERHASIL'
),

parents as (
    select
        record_id,
        status_ortu
    from {{ ref('stg_kemensos__lksa_anak') }}
    union all
    select
        record_id,
        status_ortu
    from {{ ref('stg_kemensos__yapi') }}
),

said as (
    select
        m.record_id,
        k.kode_amanat as kategori,
        m.daftar || ': ' || m.kode as aturan,
        k.kecocokan
    from mapped as m
    inner join {{ ref('codes_kategori_anak') }} as k on m.daftar = k.sumber and m.kode = k.kode_sumber
    where k.kode_amanat is not null
    union all
    select
        record_id,
        'yatim_piatu' as kategori,
        'status orang tua: YATIM PIATU' as aturan,
        'exact' as kecocokan
    from parents
    where status_ortu = 'YATIM PIATU'
),

by_record as (
    select
        o.agency,
        o.person_id,
        s.kategori,
        s.aturan,
        min(s.kecocokan) as kecocokan,
        r.agency || '/' || r.feed as sumber,
        min(r.tanggal_peristiwa) as dari,
        any_value(o.tanggal_lahir) as tanggal_lahir
    from said as s
    inner join {{ ref('int_person_record__resolved') }} as r on s.record_id = r.record_id
    inner join {{ ref('int_person__own') }} as o on r.agency = o.agency and {{ own_person('r') }} = o.person_id
    where o.anak
    group by o.agency, o.person_id, s.kategori, s.aturan, r.agency, r.feed
),

-- One row of the register a person, so that a nation's need not be put together.
by_register as (
    select
        o.agency,
        o.person_id,
        unnest([
            case when p.desil between 1 and 4 then 'desil_1_4' end,
            case when p.disabilitas = '1' then 'l' end,
            case
                when
                    p.partisipasi_sekolah in ('1', '3')
                    and date_sub('year', p.tanggal_lahir, p.dtsen_versi) between 7 and 17
                    then 'tidak_sekolah'
            end
        ]) as kategori,
        'DTSEN' as aturan,
        'exact' as kecocokan,
        'dtsen' as sumber,
        p.dtsen_versi as dari,
        o.tanggal_lahir
    from {{ ref('int_person__own') }} as o
    inner join {{ source('link', 'register_person') }} as p on o.register_id = p.register_id
    where o.anak
),

found as (
    select * from by_record
    union all by name
    select * from by_register
    where kategori is not null
)

select
    agency,
    person_id,
    kategori,
    aturan,
    kecocokan,
    sumber,
    dari,
    -- A category of children ends on the eighteenth birthday.
    case
        when tanggal_lahir + interval 18 year <= {{ as_of_date() }} then cast(tanggal_lahir + interval 18 year as date)
    end as sampai
from found
