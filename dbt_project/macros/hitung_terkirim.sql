{#- Rows in force of each feed that `kolom` (as in `hitung_kesesuaian`) names: (agency, feed, baris), one row a feed. -#}
{%- macro hitung_terkirim(kolom) -%}
    {%- for feed in kolom | groupby("feed") %}
    {%- for tabel in feed.list | groupby("agency") %}
    select
        '{{ tabel.grouper }}' as agency,
        '{{ feed.grouper }}' as feed,
        count(*) as baris
    from {{ source("raw", tabel.grouper ~ "__" ~ feed.grouper ~ "__in_force") }}
    union all
    {%- endfor %}
    {%- endfor %}
    select
        null as agency,
        null as feed,
        null as baris
    where false
{%- endmacro -%}
