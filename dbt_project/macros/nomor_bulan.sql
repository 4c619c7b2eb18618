{#- Month number of a cleaned Indonesian month: number, name, abbreviation or old spelling; NULL when it is none. -#}
{%- macro nomor_bulan(teks) -%}
    case
        when regexp_full_match({{ teks }}, '[0-9]+') then try_cast({{ teks }} as integer)
        when {{ teks }} in ('JANUARI', 'DJANUARI', 'JAN', 'JANUARY') then 1
        when {{ teks }} in ('FEBRUARI', 'PEBRUARI', 'FEB', 'PEB', 'FEBRUARY') then 2
        when {{ teks }} in ('MARET', 'MAR', 'MRT', 'MARCH') then 3
        when {{ teks }} in ('APRIL', 'APR') then 4
        when {{ teks }} in ('MEI', 'MAY') then 5
        when {{ teks }} in ('JUNI', 'DJUNI', 'JUN', 'JUNE') then 6
        when {{ teks }} in ('JULI', 'DJULI', 'JUL', 'JULY') then 7
        when {{ teks }} in ('AGUSTUS', 'AGT', 'AGTS', 'AGS', 'AGST', 'AGU', 'AUG', 'AUGUST') then 8
        when {{ teks }} in ('SEPTEMBER', 'SEP', 'SEPT') then 9
        when {{ teks }} in ('OKTOBER', 'OKT', 'OCT', 'OCTOBER') then 10
        when {{ teks }} in ('NOPEMBER', 'NOVEMBER', 'NOP', 'NOV') then 11
        when {{ teks }} in ('DESEMBER', 'DES', 'DEC', 'DECEMBER') then 12
    end
{%- endmacro -%}
