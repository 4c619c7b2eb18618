{#-
    A cleaned 16-digit number (NIK, no. KK) → STRUCT(angka, bentuk).
    `angka`: its 16 digits, NULL unless 16 are there. Blanks, points and dashes between the digits are grouping.
    `bentuk`: utuh | missing | placeholder | malformed | truncated_by_spreadsheet. The last is a number that was a number
    cell (`1277064711140030.0`) or scientific notation (`3,17502E+15`): a spreadsheet keeps 15 digits, so its last digit
    may be false even when all 16 are there. Nothing is repaired.
-#}
{%- macro baca_nomor(teks) -%}
    {%- set digit = "regexp_replace(regexp_replace(" ~ teks ~ ", '\\.0+$', ''), '[ .-]', '', 'g')" -%}
    struct_pack(
        angka := case
            when regexp_full_match({{ teks }}, '[0-9]{16}') then {{ teks }}
            when regexp_full_match({{ digit }}, '[0-9]{16}') then {{ digit }}
        end,
        bentuk := case
            when {{ teks }} is null then 'missing'
            {#- one digit or X over and over; RE2 has no back-references #}
            when regexp_full_match({{ teks }}, '([ .-]|0+|1+|2+|3+|4+|5+|6+|7+|8+|9+|X+)(\.0+)?') then 'placeholder'
            when {{ teks }} in ('1234567890123456', '1234567890123456.0', '0123456789012345', '123456789') then 'placeholder'
            when regexp_full_match({{ teks }}, '[0-9]{16}') then 'utuh'
            when {{ tanpa_isi(teks) }} then 'placeholder'
            when
                regexp_full_match({{ teks }}, '[0-9]+\.0+|[0-9]+([.,][0-9]+)? ?E ?\+? ?[0-9]+')
                then 'truncated_by_spreadsheet'
            when regexp_full_match({{ digit }}, '[0-9]{16}') then 'utuh'
            else 'malformed'
        end
    )
{%- endmacro -%}
