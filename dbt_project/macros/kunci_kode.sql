{#- A code as it is compared: letters and figures only, one blank between words, `1.0` of a number cell as `1`. -#}
{%- macro kunci_kode(teks) -%}
    trim(regexp_replace(regexp_replace(upper({{ teks }}), '\.0+$', ''), '[^A-Z0-9]+', ' ', 'g'))
{%- endmacro -%}
