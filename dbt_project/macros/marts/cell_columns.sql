{# The keys of a cell of marts.indicator, apart from its code. #}
{% macro cell_columns() %}kategori, periode, tingkat, kode_kemendagri, jenis_kelamin, kelompok_umur{% endmacro %}
