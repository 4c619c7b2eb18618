{#- DDMMYY of a NIK, the women's 40 taken off the day. -#}
{%- macro tanggal_nik(angka) -%}
    lpad((try_cast(substr({{ angka }}, 7, 2) as integer) % 40)::varchar, 2, '0') || substr({{ angka }}, 9, 4)
{%- endmacro -%}
