{#- One row: a MAP from each spelling of a code list to its code, for the items of a list column. -#}
{%- macro peta_kode(daftar) -%}
    select map_from_entries(list(struct_pack(k := ejaan, v := kode) order by ejaan)) as peta from ({{ ejaan_kode(daftar) }}) as e
{%- endmacro -%}
