{#- Middle of the month or year that begins on `t.awal`: the 15th, or 1 July; what has happened is not after `acuan`. -#}
{%- macro tengah_selang(t, acuan, jenis) -%}
    {%- set tengah = "case when " ~ t ~ ".presisi = 'month' then " ~ t ~ ".awal + 14 else make_date(year(" ~ t ~ ".awal), 7, 1) end" -%}
    {{ tengah if jenis == "berlaku" else "least(" ~ tengah ~ ", " ~ acuan ~ ")" }}
{%- endmacro -%}
