{#- Where a row comes from: the columns that every staging model begins with. -#}
{%- macro asal(alias=none) -%}
    {%- for kolom in ["record_id", "delivery_date", "source_file", "source_row"] %}
    {{ alias ~ "." if alias }}{{ kolom }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro -%}
