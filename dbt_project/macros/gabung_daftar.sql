{#-
    Joins to each row of `d` the one row that maps each spelling of a code list to its code, for the items of the list
    column `kolom`; read it with `pilih_daftar`. The list is tens of spellings, so the rows are not multiplied.
-#}
{%- macro gabung_daftar(kolom, daftar) -%}
    cross join (
        select map_from_entries(list(struct_pack(k := e.ejaan, v := e.kode) order by e.ejaan)) as peta
        from ({{ ejaan_kode(daftar) }}) as e
    ) as peta_{{ kolom }}
{%- endmacro -%}
