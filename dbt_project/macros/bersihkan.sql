{#-
    A delivered cell as comparable text: look-alikes folded, blanks collapsed, the quote or formula sign that a
    spreadsheet put before it gone, upper case; NULL when nothing is left. The raw cell stays in `raw`.
    The costly steps run only on cells that need them: one that is plain ASCII with single blanks passes through.
-#}
{%- macro bersihkan(kolom) -%}
    nullif(
        upper(
            trim(
                ltrim(
                    case
                        when
                            strlen({{ kolom }}) <> length({{ kolom }})
                            or starts_with({{ kolom }}, '=')
                            or regexp_matches({{ kolom }}, '[\x00-\x1F\x7F]|  ')
                            then
                                regexp_replace(
                                    regexp_replace({{ lipat_huruf(kolom) }}, '[\x00-\x20\x7F]+', ' ', 'g'),
                                    '^ ?=+ ?"?([^"]*)"? ?$', '\1'
                                )
                        else {{ kolom }}
                    end,
                    ' ''`'
                )
            )
        ),
        ''
    )
{%- endmacro -%}
