{{ config(meta={'dagster': {'ref': {'name': 'int_conformity'}}}) }}

-- Nothing is lost or doubled between what is in force and staging: a lookup with two rows for one spelling would double.
with

terkirim as (
    {%- set tabel = [] %}
    {%- for k in var('conformity') %}
        {%- if (k.agency, k.feed) not in tabel %}
            {%- do tabel.append((k.agency, k.feed)) %}
        {%- endif %}
    {%- endfor %}
    {%- for agency, feed in tabel %}
    select
        '{{ agency }}' as agency,
        '{{ feed }}' as feed,
        count(*) as baris
    from {{ source('raw', agency ~ '__' ~ feed ~ '__in_force') }}
    union all
    {%- endfor %}
    select
        null as agency,
        null as feed,
        null as baris
    where false
),

dibaca as (
    select distinct
        agency,
        feed,
        total
    from {{ ref('int_conformity') }}
)

select
    t.agency,
    t.feed,
    t.baris,
    d.total
from terkirim as t
left join dibaca as d on t.agency = d.agency and t.feed = d.feed
where t.baris is distinct from d.total
