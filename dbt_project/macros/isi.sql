{#- Cleaned free text, NULL where it only says that there is nothing. -#}
{%- macro isi(teks) -%}
    case when not {{ tanpa_isi(teks) }} then {{ teks }} end
{%- endmacro -%}
