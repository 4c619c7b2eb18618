{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with fakta as (
    select
        replace(f.feed, '__', '/') as kategori,
        {{ as_of_month() }} as periode,
        p.kode_kabupaten,
        p.jenis_kelamin,
        {{ age_band('p.tanggal_lahir', 'p.tanggal_acuan') }} as kelompok_umur,
        -- A date or sex that differs from the NIK's own is evidence about the person, not a defect of the number.
        cast(p.nik_status in ('valid', 'sex_or_date_conflict') as integer) as num,
        cast(p.nik_status <> 'missing' as integer) as den
    from (select unnest({{ var('person_feeds') }}) as feed) as f
    left join {{ ref('int_person__standardized') }} as p on f.feed = p.agency || '__' || p.feed
),

{{ roll_up('I02', 'fakta', 'true', sources="case when denominator is null then '' else kategori end") }}
