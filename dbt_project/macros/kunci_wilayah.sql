{#-
    A region's name as it is compared: its kind spelt out, no blanks, points or ADMINISTRASI, KEP. as KEPULAUAN, so that
    `KAB. BANDUNG`, `KABUPATEN BANDUNG` and `Kab Bandung` meet, and `KOTA BARU` meets the regency Kotabaru.
-#}
{%- macro kunci_wilayah(teks) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    upper({{ teks }}),
                    '^ ?(KABUPATEN|KAB|KB)\b[. ]*', 'KABUPATEN '
                ),
                '^ ?(KOTAMADYA|KODYA|KOTIF)\b[. ]*', 'KOTA '
            ),
            '\b(KEP)\b', 'KEPULAUAN', 'g'
        ),
        '\.0+$|\b(ADMINISTRASI|ADM|PROVINSI|PROV)\b|[^A-Z0-9]+', '', 'g'
    )
{%- endmacro -%}
