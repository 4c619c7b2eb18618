{#-
    A list in one cell, a JSON array or parted by `;`, as VARCHAR[] of cleaned items. An empty array is an answer and stays
    one; an empty cell, or one that says that there is nothing, is NULL.
-#}
{%- macro baca_daftar(kolom) -%}
    list_filter(
        list_transform(
            case
                when json_valid({{ kolom }}) and json_type({{ kolom }}) = 'ARRAY' then from_json({{ kolom }}, '["VARCHAR"]')
                when not {{ tanpa_isi("upper(" ~ kolom ~ ")") }} then string_split({{ kolom }}, ';')
            end,
            lambda x: {{ bersihkan("x") }}
        ),
        lambda x: x is not null
    )
{%- endmacro -%}
