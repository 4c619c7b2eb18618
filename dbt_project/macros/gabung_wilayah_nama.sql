{#- Join that finds the regency of a typed name of `d`; read it with `pilih_wilayah_nama`. -#}
{%- macro gabung_wilayah_nama(kolom, d='d') -%}
    left join {{ ref("stg_wilayah__nama") }} as wilayah on {{ kunci_wilayah(d ~ "." ~ kolom) }} = wilayah.kunci
{%- endmacro -%}
