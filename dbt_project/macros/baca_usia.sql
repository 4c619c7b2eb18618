{#- An age in whole years, `12`, `12.0` or `12 TH`; NULL when it is none or over 120. -#}
{%- macro baca_usia(teks) -%}
    case
        when regexp_full_match({{ teks }}, '(1[01][0-9]|120|[0-9]{1,2})(\.0+)?( ?(TAHUN|THN|TH)\.?)?')
            then try_cast(regexp_extract({{ teks }}, '^[0-9]+') as integer)
    end
{%- endmacro -%}
