{#- Every code of every list whose first column is `kode`: (daftar, kode), one row a row of a list. -#}
{%- macro semua_kode() -%}
    {%- for daftar in var('code_lists') %}
    select
        '{{ daftar }}' as daftar,
        kode::varchar as kode
    from {{ ref("codes_" ~ daftar) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
{%- endmacro -%}
