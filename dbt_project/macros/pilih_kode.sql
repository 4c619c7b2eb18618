{#- Columns of a coded field after `gabung_kode`: the code or NULL, the text as typed, ok | kosong | tak_dikenal. -#}
{%- macro pilih_kode(kolom, d='d') -%}
    kode_{{ kolom }}.kode as {{ kolom }},
    {{ d }}.{{ kolom }} as {{ kolom }}_asli,
    case
        when kode_{{ kolom }}.kode is not null then 'ok'
        when {{ tanpa_isi(d ~ "." ~ kolom) }} then 'kosong'
        else 'tak_dikenal'
    end as {{ kolom }}_status
{%- endmacro -%}
