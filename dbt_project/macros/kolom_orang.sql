{#- The standard person columns that a staging model of a person feed carries, in order, without agency and feed. -#}
{%- macro kolom_orang() -%}
    {{ return([
        "delivery_date", "source_file", "source_row", "nik", "nik_status", "no_kk", "nama", "tanggal_lahir",
        "tanggal_lahir_precision", "jenis_kelamin", "nama_ibu", "kode_kecamatan", "kode_kabupaten", "kode_kecamatan_lama",
        "kode_kabupaten_lama", "nik_wali", "nama_wali", "kelompok", "tanggal_acuan", "anak"
    ]) }}
{%- endmacro -%}
