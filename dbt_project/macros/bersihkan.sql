{#-
    A delivered cell as comparable text: look-alikes folded, blanks collapsed, the quotes and formula sign that a
    spreadsheet puts around it gone, upper case; NULL when nothing is left. The raw cell stays in `raw`.
    Nearly every cell is plain ASCII with single blanks and only needs the one look that says so; most others are ASCII
    but for a dash or quote of a word processor. Only the rest pays for the whole folding, some 25 us a cell.
-#}
{%- macro bersihkan(kolom) -%}
    {%- set ascii = "strlen(" ~ kolom ~ ") = length(" ~ kolom ~ ")" -%}
    nullif(
        case
            when {{ ascii }} and not regexp_matches({{ kolom }}, '[\x00-\x1F\x7F]|  |^[ =''`"]|[ ''`"]$') then upper({{ kolom }})
            else
                regexp_replace(
                    regexp_replace(
                        case
                            when {{ ascii }} then upper({{ kolom }})
                            when regexp_full_match({{ kolom }}, '[\x00-\x7F‐-―‘-‟]*')
                                then translate(upper({{ kolom }}), '‐‑‒–—―‘’‚‛“”„‟', '------''''''''""""')
                            else {{ lipat_huruf("upper(" ~ kolom ~ ")") }}
                        end,
                        '[\x00-\x20\x7F]+', ' ', 'g'
                    ),
                    '^[ =''`"]+|[ ''`"]+$', '', 'g'
                )
        end,
        ''
    )
{%- endmacro -%}
