{#- Columns of a number or month (as terbaca_<kolom>): the value, ok | kosong | tak_terbaca. -#}
{%- macro pilih_nilai(kolom, d='d') -%}
    {{ d }}.terbaca_{{ kolom }} as {{ kolom }},
    {{ status_nilai(d ~ "." ~ kolom, d ~ ".terbaca_" ~ kolom) }} as {{ kolom }}_status
{%- endmacro -%}
