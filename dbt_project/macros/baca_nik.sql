{#- The NIK that linkage may use: 16 digits of a status under which they are there; NULL else. -#}
{%- macro baca_nik(nomor, status) -%}
    case when {{ status }} in ('valid', 'sex_or_date_conflict', 'truncated_by_spreadsheet') then {{ nomor }}.angka end
{%- endmacro -%}
