{#-
    The name of a person in plain letters; NULL where the cell holds no name: initials (A.R.), a masked or numbered
    stand-in (S***, ANAK KORBAN 1, X, NN), a relation (BAYI NY. SITI), figures. Titles and abbreviations stay: linkage knows them.
-#}
{%- macro baca_nama(teks) -%}
    list_transform(
        [trim(regexp_replace(strip_accents({{ teks }}), '[^A-Z0-9.,''*-]+', ' ', 'g'))],
        lambda n: case
            when {{ tanpa_isi("n") }} or not regexp_matches(n, '[A-Z]') or contains(n, '*') then null
            {#- initials, with or without a title; three consonants at most are initials too, unless an abbreviation #}
            when regexp_full_match(n, '((AN|SDR|SDRI|ANANDA)[. ]+)?[A-Z]([. ]+[A-Z])*[. ]*') then null
            when regexp_full_match(n, '[BCDFGHJKLMNPQRSTVWXZ]{2,3}\.?') and not regexp_full_match(n, '(ST|MD|MHD)\.?') then null
            when
                regexp_full_match(
                    n,
                    '(ANAK|BAYI|BALITA|KORBAN|SAKSI|PELAKU|TERLAPOR|ABH|KLIEN|AN\.?|MR\.?|ANAK (KORBAN|SAKSI|PELAKU|ASUH|YANG BERHADAPAN.*)'
                    '|NAMA( ANAK)?|INISIAL|TANPA NAMA|NO ?NAME|ANONIM|(DI)?RAHASIA(KAN)?|FULAN(AH)?|HAMBA ALLAH|DISAMARKAN)'
                    '( ?(KE|NO\.?|-)? ?([0-9]+|[IVX]+|[A-Z]))?'
                )
                then null
            when regexp_matches(n, '^(BAYI|BY\.?|ANAK|INISIAL) ?((DARI )?(NY|TN|IBU|BAPAK|BPK|SDR)\b|[A-Z][. ]+[A-Z]\b)') then null
            else n
        end
    )[1]
{%- endmacro -%}
