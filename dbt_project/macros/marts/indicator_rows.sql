{# The last select of an indicator: its cells as rows of marts.indicator. Where nothing was seen only the nation has a row. #}
{% macro indicator_rows(code, sources) %}
select
    '{{ code }}' as indicator_code,
    {{ cell_columns() }},
    numerator,
    denominator,
    value,
    lower,
    upper,
    {{ sources if sources is string else feeds_seen(sources) }} as cakupan_sumber
from rated
where
    kode_kemendagri is not null
    and jenis_kelamin is not null
    and kelompok_umur is not null
    and (denominator is not null or (tingkat = 'nasional' and jenis_kelamin = 'semua' and kelompok_umur = 'semua'))
{% endmacro %}
