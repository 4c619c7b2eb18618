{#-
    The name of a person in plain letters; NULL where the cell holds no name: initials (A.R.), a masked or numbered
    stand-in (S***, ANAK KORBAN 1, X, NN), a relation (BAYI NY. SITI), figures. Titles and abbreviations stay: linkage knows them.
-#}
{%- macro baca_nama(teks) -%}
    {%- set bukan_nama = [
        "[^A-Z]*",
        ".*[*].*",
        "((AN|SDR|SDRI|ANANDA)[. ]+)?[A-Z]([. ]+[A-Z])*[. ]*",
        "[BCDFGHJKLMNPQRSTVWXZ]{2,3}[.]?",
        "(ANAK|BAYI|BALITA|KORBAN|SAKSI|PELAKU|TERLAPOR|ABH|KLIEN|AN[.]?|MR[.]?|ANAK (KORBAN|SAKSI|PELAKU|ASUH|YANG BERHADAPAN.*)"
        ~ "|NAMA( ANAK)?|INISIAL|TANPA NAMA|NO ?NAME|ANONIM|(DI)?RAHASIA(KAN)?|FULAN(AH)?|HAMBA ALLAH|DISAMARKAN)"
        ~ "( ?(KE|NO[.]?|-)? ?([0-9]+|[IVX]+|[A-Z]))?",
        "(BAYI|BY[.]?|ANAK|INISIAL) ?((DARI )?(NY|TN|IBU|BAPAK|BPK|SDR)|[A-Z][. ]+[A-Z])([. ].*)?"
    ] -%}
    list_transform(
        [
            case
                when regexp_full_match({{ teks }}, '[A-Z .]+') then {{ teks }}
                else trim(regexp_replace(strip_accents({{ teks }}), '[^A-Z0-9.,''*-]+', ' ', 'g'))
            end
        ],
        lambda n: case
            {#- three consonants at most are initials, unless they abbreviate a name #}
            when n in ('ST', 'ST.', 'MD', 'MD.', 'MHD', 'MHD.') then n
            when regexp_full_match(n, '{{ bukan_nama | join("|") }}') or {{ tanpa_isi("n") }} then null
            else n
        end
    )[1]
{%- endmacro -%}
