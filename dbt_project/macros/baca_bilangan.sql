{#- A whole number, also from a number cell (`75.0`); NULL when it is none. -#}
{%- macro baca_bilangan(teks) -%}
    case when regexp_full_match({{ teks }}, '[0-9]{1,9}(\.0+)?') then try_cast(split_part({{ teks }}, '.', 1) as integer) end
{%- endmacro -%}
