{#- Status of a date field: ok (a day) | sebagian (month, year or age only) | kosong | tak_terbaca. -#}
{%- macro status_tanggal(teks, dibaca) -%}
    case
        when {{ dibaca }}.presisi = 'day' then 'ok'
        when {{ dibaca }}.presisi in ('month', 'year', 'age') then 'sebagian'
        when {{ tanpa_isi(teks) }} or not regexp_matches({{ teks }}, '[1-9A-Z]') then 'kosong'
        else 'tak_terbaca'
    end
{%- endmacro -%}
