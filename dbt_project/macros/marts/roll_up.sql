{#
Rolls facts up to regency, province and nation, so that every indicator is written once.

`facts`: a CTE with one row a counted thing: kategori, periode, kode_kabupaten, jenis_kelamin, kelompok_umur, num, den;
with bounded=true also num_bawah, den_bawah, num_atas, den_atas (what they are if doubtful links go against or for).
Every fact lies in one regency, one sex and one age band ('00.00' and 'tak_diketahui' where unknown), so that
regencies add up to provinces, provinces and groups to the nation.
`seen`: SQL condition; false means that a needed feed was never accepted, and the figure is one NULL row of the nation.
`sources`: feeds named in cakupan_sumber, or SQL over `kategori`. `by_group`: also by sex and by age band (province, nation).
#}
{% macro roll_up(code, facts, seen, sources, by_group=true, bounded=false) %}
{% set measures = ['num', 'den'] + (['num_bawah', 'den_bawah', 'num_atas', 'den_atas'] if bounded else []) %}
placed as (
    {{ placed(facts, seen, measures) }}
),

-- A nation's facts are few kinds, and each kind counts in seven cells.
counted_alike as (
    select
        kategori,
        periode,
        kabupaten,
        provinsi,
        sex,
        umur,
        {% for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from placed
    group by kategori, periode, kabupaten, provinsi, sex, umur
),

spread as (
    {{ spread('counted_alike', measures, by_group) }}
),

rated as (
    select
        {{ cell_columns() }},
        sum(num) as numerator,
        sum(den) as denominator,
        sum(num) / nullif(sum(den), 0) as value,
        {% if bounded %}
        sum(num_bawah) / nullif(sum(den_bawah), 0) as lower,
        sum(num_atas) / nullif(sum(den_atas), 0) as upper
        {% else %}
        sum(num) / nullif(sum(den), 0) as lower,
        sum(num) / nullif(sum(den), 0) as upper
        {% endif %}
    from spread
    group by {{ cell_columns() }}
)

{{ indicator_rows(code, sources) }}
{% endmacro %}
