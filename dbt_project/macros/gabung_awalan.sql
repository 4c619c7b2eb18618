{#- Join that tells whether the first six digits of a NIK of `d` are a district of any edition; read it with `pilih_nik`. -#}
{%- macro gabung_awalan(kolom='nik', d='d') -%}
    left join {{ ref("stg_wilayah__kode") }} as awalan_{{ kolom }}
        on left({{ d }}.terbaca_{{ kolom }}.angka, 6) = awalan_{{ kolom }}.angka
{%- endmacro -%}
