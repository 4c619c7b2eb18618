{#- Union of the person records of the given feeds (`<agency>__<feed>`), one row a record, in the standard columns. -#}
{%- macro gabung_orang(feeds) -%}
    {%- for tabel in feeds %}
    {%- set agency, feed = tabel.split("__") %}
    select
        record_id,
        '{{ agency }}' as agency,
        '{{ feed }}' as feed,
        {{ kolom_orang() | join(",\n        ") }}
    from {{ ref("stg_" ~ tabel) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
{%- endmacro -%}
