{#- Columns of a name after `baca_nama` (as terbaca_<kolom>): the name or NULL, ok | kosong | tak_terbaca. -#}
{%- macro pilih_nama(kolom='nama', d='d') -%}
    {{ d }}.terbaca_{{ kolom }} as {{ kolom }},
    {{ status_nilai(d ~ "." ~ kolom, d ~ ".terbaca_" ~ kolom) }} as {{ kolom }}_status
{%- endmacro -%}
