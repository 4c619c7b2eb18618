{#- Join that finds the region of a code column of `d` (and its regency alone, when the district is unknown); read it with `pilih_wilayah`. -#}
{%- macro gabung_wilayah_kode(kolom, d='d') -%}
    left join {{ ref("stg_wilayah__kode") }} as wilayah on {{ angka_wilayah(d ~ "." ~ kolom) }} = wilayah.angka
    left join {{ ref("stg_wilayah__kode") }} as wilayah_atas
        on left({{ angka_wilayah(d ~ "." ~ kolom) }}, 4) = wilayah_atas.angka and wilayah.angka is null
{%- endmacro -%}
