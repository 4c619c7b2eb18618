{#- Four-digit year of the parts `b` of a date: what a two-digit year means depends on what the date is of (`baca_tanggal`). -#}
{%- macro abad_tahun(b, acuan, jenis, termuda) -%}
    {%- set setelah_acuan -%}
        (2000 + {{ b }}.tahun + {{ termuda }}) * 10000 + coalesce({{ b }}.bulan, 1) * 100 + coalesce({{ b }}.hari, 1)
        > year({{ acuan }}) * 10000 + month({{ acuan }}) * 100 + day({{ acuan }})
    {%- endset -%}
    case
        when not {{ b }}.pendek then {{ b }}.tahun
        {%- if jenis == "lahir" %}
        when {{ setelah_acuan }} then 1900 + {{ b }}.tahun
        {%- elif jenis == "kejadian" %}
        when {{ b }}.tahun >= 70 and {{ setelah_acuan }} then 1900 + {{ b }}.tahun
        {%- endif %}
        else 2000 + {{ b }}.tahun
    end
{%- endmacro -%}
