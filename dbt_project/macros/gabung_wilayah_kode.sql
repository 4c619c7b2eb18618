{#-
    Join that finds the region of a code column of `d`, kode_kabupaten or kode_kecamatan; read it with `pilih_wilayah_kode`.
    A district that no edition knows still lies in a regency (wilayah_atas).
-#}
{%- macro gabung_wilayah_kode(kolom, d='d') -%}
    {%- set angka = angka_wilayah(d ~ "." ~ kolom) -%}
    {%- if kolom == "kode_kecamatan" -%}
    left join {{ ref("stg_wilayah__kode") }} as wilayah on {{ angka }} = wilayah.angka
    left join {{ ref("stg_wilayah__kode") }} as wilayah_atas on left({{ angka }}, 4) = wilayah_atas.angka
    {%- else -%}
    left join {{ ref("stg_wilayah__kode") }} as wilayah on left({{ angka }}, 4) = wilayah.angka
    {%- endif -%}
{%- endmacro -%}
