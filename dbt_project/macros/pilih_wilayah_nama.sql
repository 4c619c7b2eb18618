{#- Columns of a region name after `gabung_wilayah_nama`: today's regency, the text as typed, ok | kosong | ambigu | tak_dikenal. -#}
{%- macro pilih_wilayah_nama(kolom, d='d') -%}
    {{ d }}.{{ kolom }} as {{ kolom }},
    null::varchar as kode_kecamatan,
    wilayah.kode_kabupaten,
    null::varchar as kode_kecamatan_lama,
    wilayah.kode_kabupaten_lama,
    case
        when wilayah.ambigu then 'ambigu'
        when wilayah.kode_kabupaten is not null then 'ok'
        when {{ tanpa_isi(d ~ "." ~ kolom) }} then 'kosong'
        else 'tak_dikenal'
    end as {{ kolom }}_status
{%- endmacro -%}
