{#- Provenance, and the named columns of a raw table as cleaned text under their own names: the first step of every staging model. -#}
{%- macro bersihkan_kolom(kolom) -%}
    {{ asal() }}
    {%- for k in kolom %},
    {{ bersihkan(k) }} as {{ k }}
    {%- endfor %}
{%- endmacro -%}
