with

wilayah as (
    select
        kode,
        tingkat
    from {{ ref('codes_wilayah') }}
),

-- a code of an older edition that today's edition uses for another region means today's
lama as (
    select
        l.kode_lama,
        count(distinct l.kode) > 1 as ambigu,
        case when count(distinct l.kode) = 1 then min(l.kode) end as kode
    from {{ ref('codes_wilayah_lama') }} as l
    left join wilayah as w on l.kode_lama = w.kode
    where w.kode is null
    group by l.kode_lama
),

semua as (
    select
        kode as kode_terkirim,
        kode,
        null::varchar as kode_lama,
        false as ambigu
    from wilayah
    union all
    select
        kode_lama as kode_terkirim,
        kode,
        kode_lama,
        ambigu
    from lama
)

select
    replace(s.kode_terkirim, '.', '') as angka,
    s.ambigu,
    w.tingkat,
    case when length(s.kode) >= 8 then left(s.kode, 8) end as kode_kecamatan,
    case when length(s.kode) >= 5 then left(s.kode, 5) end as kode_kabupaten,
    case when length(s.kode_lama) >= 8 then left(s.kode_lama, 8) end as kode_kecamatan_lama,
    case when length(s.kode_lama) >= 5 then left(s.kode_lama, 5) end as kode_kabupaten_lama
from semua as s
left join wilayah as w on s.kode = w.kode
