{#- Columns of a NIK after `baca_nomor` (as terbaca_<kolom>) and `gabung_awalan`: its status, and the number where it may be used. -#}
{%- macro pilih_nik(kolom='nik', kelamin=none, lahir=none, d='d') -%}
    {{ status_nik(d ~ ".terbaca_" ~ kolom, "awalan_" ~ kolom ~ ".angka", kelamin, lahir) }} as {{ kolom }}_status,
    {{ baca_nik(d ~ ".terbaca_" ~ kolom, kolom ~ "_status") }} as {{ kolom }}
{%- endmacro -%}
