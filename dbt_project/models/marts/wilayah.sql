-- A code that a law replaced is valid until the day before that law; the one in its place from that day.
with undang_undang as (
    select
        'UU 29/2022' as dasar,
        date '2022-12-08' as berlaku
    union all
    select
        unnest(['UU 14/2022', 'UU 15/2022', 'UU 16/2022']) as dasar,
        date '2022-07-25' as berlaku
),

renamed as (
    select
        l.kode_lama,
        l.kode,
        l.nama_lama,
        l.dasar,
        u.berlaku
    from {{ ref('codes_wilayah_lama') }} as l
    left join undang_undang as u on l.dasar = u.dasar
),

replaced as (
    select
        kode,
        min(dasar) as dasar,
        min(berlaku) as berlaku
    from renamed
    group by kode
)

select
    w.kode,
    w.nama,
    w.tingkat,
    w.kode_induk,
    w.kode as kode_kini,
    r.dasar,
    r.berlaku as dari,
    cast(null as date) as sampai
from {{ ref('codes_wilayah') }} as w
left join replaced as r on w.kode = r.kode
union all
select
    l.kode_lama as kode,
    l.nama_lama as nama,
    w.tingkat,
    nullif(case when length(l.kode_lama) > 2 then left(l.kode_lama, length(l.kode_lama) - 3) end, '') as kode_induk,
    l.kode as kode_kini,
    l.dasar,
    cast(null as date) as dari,
    cast(l.berlaku - interval 1 day as date) as sampai
from renamed as l
inner join {{ ref('codes_wilayah') }} as w on l.kode = w.kode
