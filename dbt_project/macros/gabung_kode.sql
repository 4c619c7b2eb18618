{#- Join that finds the code of column `kolom` of `d` in a code list; read it with `pilih_kode`. -#}
{%- macro gabung_kode(kolom, daftar, d='d') -%}
    left join ({{ ejaan_kode(daftar) }}) as kode_{{ kolom }} on {{ kunci_kode(d ~ "." ~ kolom) }} = kode_{{ kolom }}.ejaan
{%- endmacro -%}
