with

orang as (
    {{ gabung_orang(var('person_feeds')) }}
)

select * from orang
