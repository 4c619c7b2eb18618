{#- Columns of a date after `baca_tanggal` (as terbaca_<kolom>): the day, its precision if wanted, and the field's status. -#}
{%- macro pilih_tanggal(kolom, presisi=false, d='d') -%}
    {{ d }}.terbaca_{{ kolom }}.nilai as {{ kolom }},
    {%- if presisi %}
    {{ d }}.terbaca_{{ kolom }}.presisi as {{ kolom }}_precision,
    {%- endif %}
    {{ status_tanggal(d ~ "." ~ kolom, d ~ ".terbaca_" ~ kolom) }} as {{ kolom }}_status
{%- endmacro -%}
