{# The cells of an indicator: nation, provinces and regencies; with by_group, nation and provinces also by sex and by age band. #}
{% macro cells(by_group) %}
group by grouping sets (
    (kategori, periode),
    (kategori, periode, provinsi),
    (kategori, periode, provinsi, kabupaten)
    {% if by_group %}
    ,
    (kategori, periode, sex),
    (kategori, periode, umur),
    (kategori, periode, provinsi, sex),
    (kategori, periode, provinsi, umur)
    {% endif %}
)
{% endmacro %}

{# The keys of a cell, to be used with `cells`. #}
{% macro cell_keys(by_group) %}
kategori,
periode,
case when grouping(kabupaten) = 0 then 'kabupaten' when grouping(provinsi) = 0 then 'provinsi' else 'nasional' end as tingkat,
case when grouping(kabupaten) = 0 then kabupaten when grouping(provinsi) = 0 then provinsi else 'ID' end as kode_kemendagri,
{% if by_group %}
case when grouping(sex) = 0 then sex else 'semua' end as jenis_kelamin,
case when grouping(umur) = 0 then umur else 'semua' end as kelompok_umur
{% else %}
'semua' as jenis_kelamin,
'semua' as kelompok_umur
{% endif %}
{% endmacro %}

{# The names that `cell_keys` makes. #}
{% macro cell_columns() %}kategori, periode, tingkat, kode_kemendagri, jenis_kelamin, kelompok_umur{% endmacro %}
