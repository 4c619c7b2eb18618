{#-
    Spelling of a delivered date → text `hari-bulan-tahun`; a part that was not given is empty; NULL when it is no date.
    Day before month always: 07/31/2014 has no 31st month and stays unread, it is never turned round.
    An ISO time in UTC that is midnight in Jakarta, Makassar or Jayapura is the next day there.
-#}
{%- macro urut_tanggal(teks) -%}
    {%- set waktu = "([ T][0-9].*)?" -%}
    {%- set dmy = "([0-9]{1,2}) ?[-/. ] ?([0-9]{1,2}) ?[-/. ] ?([0-9]{4}|[0-9]{2})" ~ waktu -%}
    {%- set ymd = "([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})" ~ waktu -%}
    {%- set d_nama_y = "([0-9]{1,2})[-/., ]*([A-Z]{3,})[-/., ]+([0-9]{4}|[0-9]{2})" ~ waktu -%}
    case
        when {{ teks }} is null then null
        when regexp_full_match({{ teks }}, '{{ dmy }}') then regexp_replace({{ teks }}, '^{{ dmy }}$', '\1-\2-\3')
        when regexp_full_match({{ teks }}, '[0-9]{4}-[0-9]{2}-[0-9]{2}T1[567]:00(:00(\.0+)?)?Z')
            then strftime(try_cast(left({{ teks }}, 10) as date) + 1, '%d-%m-%Y')
        when regexp_full_match({{ teks }}, '{{ ymd }}') then regexp_replace({{ teks }}, '^{{ ymd }}$', '\3-\2-\1')
        when regexp_full_match({{ teks }}, '{{ d_nama_y }}') then regexp_replace({{ teks }}, '^{{ d_nama_y }}$', '\1-\2-\3')
        when regexp_full_match({{ teks }}, '[A-Z]{3,}[-/., ]+[0-9]{4}')
            then regexp_replace({{ teks }}, '^([A-Z]+)[-/., ]+([0-9]{4})$', '-\1-\2')
        when regexp_full_match({{ teks }}, '[0-9]{1,2} ?[-/.] ?[0-9]{4}')
            then regexp_replace({{ teks }}, '^([0-9]{1,2}) ?[-/.] ?([0-9]{4})$', '-\1-\2')
        when regexp_full_match({{ teks }}, '[0-9]{4}[-/.][0-9]{1,2}')
            then regexp_replace({{ teks }}, '^([0-9]{4})[-/.]([0-9]{1,2})$', '-\2-\1')
        when regexp_full_match({{ teks }}, '[0-9]{4}(\.0+)?') then '--' || left({{ teks }}, 4)
        {#- a date cell read as a number: days since 30 December 1899 #}
        when regexp_full_match({{ teks }}, '[0-9]{5}(\.[0-9]+)?')
            then strftime(date '1899-12-30' + try_cast(left({{ teks }}, 5) as integer), '%d-%m-%Y')
    end
{%- endmacro -%}
