with spread as (
    select
        c.*,
        l.tingkat,
        case l.tingkat
            when 'nasional' then 'ID'
            when 'provinsi' then left(coalesce(c.kode_kabupaten, '00.00'), 2)
            else coalesce(c.kode_kabupaten, '00.00')
        end as kode_kemendagri
    from {{ ref('int_child__compared') }} as c
    cross join (values ('nasional'), ('provinsi'), ('kabupaten')) as l (tingkat)
)

select
    agency_kiri,
    feed_kiri,
    agency_kanan,
    feed_kanan,
    kolom,
    {{ as_of_month() }} as periode,
    tingkat,
    kode_kemendagri,
    count(*) as dibandingkan,
    count(*) filter (where berbeda) as berbeda
from spread
group by agency_kiri, feed_kiri, agency_kanan, feed_kanan, kolom, tingkat, kode_kemendagri
