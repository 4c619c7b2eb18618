{#-
    Columns of a region code after `gabung_wilayah_kode`: district and regency of today's edition, the code as delivered
    where it is of an older one, and the status of the field.
    `kolom`: kode_kabupaten or kode_kecamatan, the level that the feed promises.
-#}
{%- macro pilih_wilayah_kode(kolom, d='d') -%}
    {%- if kolom == "kode_kecamatan" %}
    wilayah.kode_kecamatan,
    coalesce(wilayah.kode_kabupaten, wilayah_atas.kode_kabupaten) as kode_kabupaten,
    wilayah.kode_kecamatan_lama,
    coalesce(wilayah.kode_kabupaten_lama, wilayah_atas.kode_kabupaten_lama) as kode_kabupaten_lama,
    {%- else %}
    null::varchar as kode_kecamatan,
    wilayah.kode_kabupaten,
    null::varchar as kode_kecamatan_lama,
    wilayah.kode_kabupaten_lama,
    {%- endif %}
    {{ d }}.{{ kolom }} as {{ kolom }}_asli,
    case
        when wilayah.ambigu then 'ambigu'
        when wilayah.{{ kolom }} is not null then 'ok'
        when {{ tanpa_isi(d ~ "." ~ kolom) }} then 'kosong'
        when regexp_full_match({{ d }}.{{ kolom }}, '[0-9]{2}\.[0-9]') then 'ambigu'
        when {{ angka_wilayah(d ~ "." ~ kolom) }} is null then 'tak_terbaca'
        else 'tak_dikenal'
    end as {{ kolom }}_status
{%- endmacro -%}
