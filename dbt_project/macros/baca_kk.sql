{#-
    The family card number for matching: 16 digits, also from a number cell; NULL else.
    Its region and date are not checked: cards are re-issued, and what they hold is the day of recording.
-#}
{%- macro baca_kk(nomor) -%}
    case when {{ nomor }}.bentuk in ('utuh', 'truncated_by_spreadsheet') then {{ nomor }}.angka end
{%- endmacro -%}
