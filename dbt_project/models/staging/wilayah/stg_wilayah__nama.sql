with

provinsi as (
    select
        kode,
        nama
    from {{ ref('codes_wilayah') }}
    where tingkat = 'provinsi'
),

-- every way a regency is called: officially, as typed, and in the edition before it was re-coded
sebutan as (
    select
        kode,
        tingkat,
        regexp_replace(upper(nama), '^(KABUPATEN|KOTA)( ADMINISTRASI)? ', '') as nama
    from {{ ref('codes_wilayah') }}
    where tingkat in ('kabupaten', 'kota')
    union all
    select
        kode,
        tingkat,
        ejaan as nama
    from {{ ref('codes_wilayah_ejaan') }}
    union all
    select
        l.kode,
        w.tingkat,
        regexp_replace(upper(l.nama_lama), '^(KABUPATEN|KAB|KOTA)[. ]+', '') as nama
    from {{ ref('codes_wilayah_lama') }} as l
    inner join {{ ref('codes_wilayah') }} as w on l.kode = w.kode
    where w.tingkat in ('kabupaten', 'kota')
),

-- with its kind, or bare: a bare name that a regency and a city share is ambiguous below
tertulis as (
    select
        kode,
        upper(tingkat) || ' ' || nama as teks
    from sebutan
    union all
    select
        kode,
        nama as teks
    from sebutan
),

kunci as (
    select
        kode,
        null::varchar as kode_lama,
        {{ kunci_wilayah("teks") }} as kunci
    from tertulis
    union all
    select
        t.kode,
        null::varchar as kode_lama,
        {{ kunci_wilayah("t.teks || ' ' || p.nama") }} as kunci
    from tertulis as t
    inner join provinsi as p on left(t.kode, 2) = p.kode
    union all
    -- a code in a column of names
    select
        kode_kabupaten as kode,
        kode_kabupaten_lama as kode_lama,
        angka as kunci
    from {{ ref('stg_wilayah__kode') }}
    where length(angka) = 4
)

select
    kunci,
    count(distinct kode) > 1 as ambigu,
    case when count(distinct kode) = 1 then min(kode) end as kode_kabupaten,
    case when count(distinct kode) = 1 then min(kode_lama) end as kode_kabupaten_lama
from kunci
where kunci <> ''
group by kunci
