{#- True for cleaned text that says "nothing here": NULL, punctuation alone, or a word that clerks type into empty cells. -#}
{%- macro tanpa_isi(teks) -%}
    (
        {{ teks }} is null
        or not regexp_matches({{ teks }}, '[0-9A-Z]')
        or {{ teks }} in (
            'BELUM ADA', 'BLM ADA', 'BELUM', 'TIDAK ADA', 'TDK ADA', 'TIDAK PUNYA', 'TIDAK DIKETAHUI', 'TDK DIKETAHUI',
            'TIDAK TAHU', 'KOSONG', 'NIHIL', 'NULL', 'NONE', 'NAN', 'N/A', 'NA', '#N/A', '0', '0.0'
        )
    )
{%- endmacro -%}
