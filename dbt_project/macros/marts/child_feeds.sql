{# Every child and the feeds that know it, in order. Lists are kept in memory that DuckDB cannot spill: only of children with several
   records are they put together, and of a nation's nearly every one has one. #}
{% macro child_feeds() %}
with known as (
    select
        r.person_id,
        p.kode_kabupaten,
        p.jumlah_catatan,
        struct_pack(agency := r.agency, feed := r.feed) as feed
    from {{ ref('int_person_record__resolved') }} as r
    inner join {{ ref('int_person__resolved') }} as p on r.person_id = p.person_id
    where p.anak
)

select
    person_id,
    kode_kabupaten,
    [feed] as feeds
from known
where jumlah_catatan = 1
union all
select
    person_id,
    kode_kabupaten,
    list_sort(list(distinct feed)) as feeds
from known
where jumlah_catatan > 1
group by person_id, kode_kabupaten
{% endmacro %}
