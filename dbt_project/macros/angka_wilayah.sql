{#-
    Digits of a delivered region code, at most to the district: `32.73.05`, `327305`, `327305.0`, `32.73.05.1002` → 327305.
    NULL when it is no code, and for `33.1`: a spreadsheet makes that of 33.10, a typist of 33.01.
-#}
{%- macro angka_wilayah(teks) -%}
    case
        when regexp_full_match({{ teks }}, '[0-9]{2}(\.[0-9]{2}){0,2}(\.[0-9]{4})?') then left(replace({{ teks }}, '.', ''), 6)
        when regexp_full_match({{ teks }}, '([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10})(\.0+)?')
            and not regexp_full_match({{ teks }}, '[0-9]{2}\.0')
            then left(split_part({{ teks }}, '.', 1), 6)
    end
{%- endmacro -%}
