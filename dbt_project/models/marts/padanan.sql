-- Children that the same feeds know are counted before they are paired: they are far fewer kinds than children.
with kind as (
    select
        kode_kabupaten,
        sumber,
        count(*) as jumlah
    from {{ ref('int_person__resolved') }}
    where anak
    group by kode_kabupaten, sumber
),

alike as (
    select
        kode_kabupaten,
        jumlah,
        list_transform(
            string_split(sumber, ', '),
            lambda f: struct_pack(agency := split_part(f, '/', 1), feed := split_part(f, '/', 2))
        ) as feeds
    from kind
),

feed as (
    select distinct unnest(feeds) as feed
    from alike
),

spread as (
    select
        kiri.feed as kiri,
        kanan.feed as kanan,
        a.jumlah,
        list_contains(a.feeds, kiri.feed) as di_kiri,
        list_contains(a.feeds, kanan.feed) as di_kanan,
        l.tingkat,
        case l.tingkat
            when 'nasional' then 'ID'
            when 'provinsi' then left(coalesce(a.kode_kabupaten, '00.00'), 2)
            else coalesce(a.kode_kabupaten, '00.00')
        end as kode_kemendagri
    from feed as kiri
    inner join feed as kanan on kiri.feed < kanan.feed
    cross join alike as a
    cross join (values ('nasional'), ('provinsi'), ('kabupaten')) as l (tingkat)
)

select
    kiri.agency as agency_kiri,
    kiri.feed as feed_kiri,
    kanan.agency as agency_kanan,
    kanan.feed as feed_kanan,
    {{ as_of_month() }} as periode,
    tingkat,
    kode_kemendagri,
    coalesce(sum(jumlah) filter (where di_kiri and di_kanan), 0)::bigint as keduanya,
    coalesce(sum(jumlah) filter (where di_kiri and not di_kanan), 0)::bigint as hanya_kiri,
    coalesce(sum(jumlah) filter (where di_kanan and not di_kiri), 0)::bigint as hanya_kanan
from spread
group by kiri, kanan, tingkat, kode_kemendagri
having bool_or(di_kiri or di_kanan)
