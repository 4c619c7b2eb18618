{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with record as (
    select
        replace(f.feed, '__', '/') as kategori,
        r.*
    from (select unnest({{ var('person_feeds') }}) as feed) as f
    left join {{ ref('int_person_record__resolved') }} as r on f.feed = r.agency || '__' || r.feed
),

fakta as (
    select
        kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten_catatan as kode_kabupaten,
        jenis_kelamin,
        kelompok_umur_kejadian as kelompok_umur,
        cast(decision = 'link' as integer) as num,
        case when record_id is not null then 1 end as den,
        cast(decision = 'link' as integer) as num_bawah,
        1 as den_bawah,
        cast(decision in ('link', 'review') as integer) as num_atas,
        1 as den_atas
    from record
),

{{ roll_up(
    'I01',
    'fakta',
    feed_seen('dtsen'),
    sources="case when denominator is null then '' else 'dtsen, ' || kategori end",
    bounded=true
) }}
