{#
Each placed fact once for every cell it counts in: nation, province, regency; with by_group, in nation and province
also by sex and by age band. An empty fact has no place and counts in the nation alone.
#}
{% macro spread(placed, measures, by_group) %}
select
    f.kategori,
    f.periode,
    l.tingkat,
    case l.tingkat when 'nasional' then 'ID' when 'provinsi' then f.provinsi else f.kabupaten end as kode_kemendagri,
    case l.rincian when 'jenis_kelamin' then f.sex else 'semua' end as jenis_kelamin,
    case l.rincian when 'kelompok_umur' then f.umur else 'semua' end as kelompok_umur,
    {% for measure in measures %}
    f.{{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ placed }} as f
cross join
    (
        values
        ('nasional', 'semua'),
        ('provinsi', 'semua'),
        ('kabupaten', 'semua')
        {% if by_group %}
        ,
        ('nasional', 'jenis_kelamin'),
        ('nasional', 'kelompok_umur'),
        ('provinsi', 'jenis_kelamin'),
        ('provinsi', 'kelompok_umur')
        {% endif %}
    ) as l (tingkat, rincian)
{% endmacro %}
