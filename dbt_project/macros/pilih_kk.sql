{#- Columns of a family card number after `baca_nomor` (as terbaca_no_kk): the number and its status. -#}
{%- macro pilih_kk(d='d') -%}
    {{ baca_kk(d ~ ".terbaca_no_kk") }} as no_kk,
    {{ status_kk(d ~ ".terbaca_no_kk") }} as no_kk_status
{%- endmacro -%}
