{#-
    An amount of money in rupiah: Indonesian (`Rp 225.000,00`) or a number cell (`200000.0`); NULL when it is neither.
    A point before groups of three is a thousands sign; `225,000` has two readings and is not read.
-#}
{%- macro baca_rupiah(teks) -%}
    {%- set angka = "regexp_replace(" ~ teks ~ ", '^RP\\.? ?', '')" -%}
    case
        when regexp_full_match({{ angka }}, '-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]{1,2}|,-)?')
            then try_cast(replace(replace(replace({{ angka }}, '.', ''), ',-', ''), ',', '.') as decimal(18, 2))
        when regexp_full_match({{ angka }}, '-?[0-9]+(\.[0-9]{1,2}|,[0-9]{1,2}|,-)?')
            then try_cast(replace(replace({{ angka }}, ',-', ''), ',', '.') as decimal(18, 2))
    end
{%- endmacro -%}
