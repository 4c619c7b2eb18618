{#-
    Upper-case text with what the eye takes for Latin made Latin: composed (NFC), without zero-width and direction marks and soft
    hyphens, every kind of blank a space, full-width, Cyrillic and Greek look-alikes and foreign digits folded to ASCII.
    DuckDB has no NFKC; these are the compatibility forms that office files and phones produce. One character for one:
    the position in `dari` names the position in `ke`.
-#}
{%- macro lipat_huruf(teks) -%}
    {%- set dari =
        "！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲ" ~
        "ＳＴＵＶＷＸＹＺ［＼］＾＿｀｛｜｝～АВЕКМНОРСТУХЅІЈԚԜҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" ~
        "‘’‚‛ʼʹ′´`“”„″‐‑‒–—―−‹›«»⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉٠١٢٣٤٥" ~
        "٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
    -%}
    {%- set ke =
        "!\"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQR" ~
        "STUVWXYZ[\\]^_`{|}~ABEKMHOPCTYXSIJQWYABEZHIKMNOPTYX" ~
        "''''''''''''''''''\"\"\"\"-------<><>01234567890123456789012345" ~
        "67890123456789"
    -%}
    translate(
        regexp_replace(
            regexp_replace(
                nfc_normalize({{ teks }}),
                '[\x{00AD}\x{061C}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]', '', 'g'
            ),
            '[\x{0085}\x{00A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]', ' ', 'g'
        ),
        '{{ dari }}',
        '{{ ke }}'
    )
{%- endmacro -%}
