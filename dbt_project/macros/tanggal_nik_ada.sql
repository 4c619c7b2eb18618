{#- True when the day of a NIK exists in its month (29 February in any year: the century is unknown). -#}
{%- macro tanggal_nik_ada(angka) -%}
    regexp_full_match(
        substr({{ angka }}, 7, 4),
        '(0[1-9]|[12][0-9]|4[1-9]|[56][0-9])(0[1-9]|1[0-2])|[37]0(0[13-9]|1[0-2])|[37]1(0[13578]|1[02])'
    )
{%- endmacro -%}
