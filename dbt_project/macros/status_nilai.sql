{#- Status of a field whose reading is a value or nothing: ok | kosong | tak_terbaca. -#}
{%- macro status_nilai(teks, nilai) -%}
    case when {{ nilai }} is not null then 'ok' when {{ tanpa_isi(teks) }} then 'kosong' else 'tak_terbaca' end
{%- endmacro -%}
