{#- A list in one cell, a JSON array or parted by `;`, as VARCHAR[] of cleaned items; an empty array stays one, an empty cell is NULL. -#}
{%- macro baca_daftar(kolom) -%}
    list_filter(
        list_transform(
            case
                when json_valid({{ kolom }}) and json_type({{ kolom }}) = 'ARRAY' then from_json({{ kolom }}, '["VARCHAR"]')
                else string_split({{ kolom }}, ';')
            end,
            lambda x: {{ bersihkan("x") }}
        ),
        lambda x: x is not null
    )
{%- endmacro -%}
