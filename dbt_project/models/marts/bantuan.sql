with pkh_year as (
    -- The year being paid: in January nothing of the new year is paid yet,
    -- and last year's payments still say who is reached.
    select max(tahun) as tahun
    from {{ ref('stg_kemensos__pkh') }}
    where tahun <= year({{ as_of_date() }})
),

pkh as (
    select
        p.record_id,
        'PKH' as program, -- noqa: RF04
        p.komponen,
        p.tahun,
        p.tahap,
        cast(null as varchar) as bulan,
        p.status_salur,
        s.dibayar = 'YA' as tersalur,
        s.dibayar = 'YA' and p.tahun = (select y.tahun from pkh_year as y) as berjalan
    from {{ ref('stg_kemensos__pkh') }} as p
    left join {{ ref('codes_status_salur') }} as s on p.status_salur = s.kode
),

yapi as (
    select
        y.record_id,
        'YAPI' as program, -- noqa: RF04
        y.status_ortu as komponen,
        cast(year(y.bulan) as integer) as tahun,
        cast(null as integer) as tahap,
        strftime(y.bulan, '%Y-%m') as bulan,
        cast(null as varchar) as status_salur,
        true as tersalur,
        coalesce(y.bulan <= {{ as_of_date() }}, true) as berjalan
    from {{ ref('stg_kemensos__yapi') }} as y
),

aid as (
    select * from pkh
    union all
    select * from yapi
)

select
    a.record_id,
    a.program,
    r.person_id,
    r.jenis_kelamin,
    r.kelompok_umur,
    r.kode_kabupaten,
    r.kode_provinsi,
    a.komponen,
    cast(a.tahun as integer) as tahun,
    cast(a.tahap as integer) as tahap,
    a.bulan,
    a.status_salur,
    coalesce(a.tersalur, false) as tersalur,
    coalesce(a.berjalan, false) as berjalan
from aid as a
inner join {{ ref('int_person_record__resolved') }} as r on a.record_id = r.record_id
