{#
Facts with every key filled; where there is none, one empty fact of the as-of month without a place: `zero` when the
feeds were seen, NULL when they were not.
#}
{% macro placed(facts, seen, measures, zero='0') %}
select
    kategori,
    periode,
    coalesce(kode_kabupaten, '00.00') as kabupaten,
    left(coalesce(kode_kabupaten, '00.00'), 2) as provinsi,
    coalesce(jenis_kelamin, 'tak_diketahui') as sex,
    coalesce(kelompok_umur, 'tak_diketahui') as umur,
    {{ measures | join(',\n    ') }}
from {{ facts }}
where {{ seen }}
union all
select
    'semua' as kategori,
    {{ as_of_month() }} as periode,
    null as kabupaten,
    null as provinsi,
    null as sex,
    null as umur,
    {% for measure in measures %}
    case when {{ seen }} then {{ zero }} end as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
where not ({{ seen }}) or not exists (select 1 from {{ facts }})
{% endmacro %}
