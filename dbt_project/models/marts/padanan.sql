with present as (
    select distinct
        r.agency,
        r.feed,
        r.person_id,
        p.kode_kabupaten
    from {{ ref('int_person_record__resolved') }} as r
    inner join {{ ref('int_person__resolved') }} as p on r.person_id = p.person_id
    where p.anak
),

feeds as (
    select distinct
        agency,
        feed
    from present
),

-- Every child of either feed, and which of the two knows it.
pair as (
    select
        l.agency as agency_kiri,
        l.feed as feed_kiri,
        r.agency as agency_kanan,
        r.feed as feed_kanan,
        c.person_id,
        any_value(c.kode_kabupaten) as kode_kabupaten,
        bool_or(c.agency = l.agency and c.feed = l.feed) as di_kiri,
        bool_or(c.agency = r.agency and c.feed = r.feed) as di_kanan
    from feeds as l
    inner join feeds as r on (l.agency, l.feed) < (r.agency, r.feed)
    inner join present as c on (c.agency, c.feed) in ((l.agency, l.feed), (r.agency, r.feed))
    group by all
),

spread as (
    select
        p.*,
        l.tingkat,
        case l.tingkat
            when 'nasional' then 'ID'
            when 'provinsi' then left(coalesce(p.kode_kabupaten, '00.00'), 2)
            else coalesce(p.kode_kabupaten, '00.00')
        end as kode_kemendagri
    from pair as p
    cross join (values ('nasional'), ('provinsi'), ('kabupaten')) as l (tingkat)
)

select
    agency_kiri,
    feed_kiri,
    agency_kanan,
    feed_kanan,
    {{ as_of_month() }} as periode,
    tingkat,
    kode_kemendagri,
    count(*) filter (where di_kiri and di_kanan) as keduanya,
    count(*) filter (where not di_kanan) as hanya_kiri,
    count(*) filter (where not di_kiri) as hanya_kanan
from spread
group by agency_kiri, feed_kiri, agency_kanan, feed_kanan, tingkat, kode_kemendagri
