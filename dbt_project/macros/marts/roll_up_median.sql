{#
Like roll_up, for a median number of days: facts carry `hari` (NULL where there is none), `hari_bawah`, `hari_atas`
instead of num and den. numerator = denominator = things with a number of days.
#}
{% macro roll_up_median(code, facts, seen, sources, by_group=true) %}
{% set measures = ['hari', 'hari_bawah', 'hari_atas'] %}
placed as (
    {{ placed(facts, seen, measures, zero='null') }}
),

spread as (
    {{ spread('placed', measures, by_group) }}
),

rated as (
    select
        {{ cell_columns() }},
        case when {{ seen }} then count(hari) end as numerator,
        case when {{ seen }} then count(hari) end as denominator,
        median(hari) as value,
        -- A doubtful wait that is shorter than the median may also be none at all: it then bounds nothing.
        least(median(hari), median(hari_bawah)) as lower,
        greatest(median(hari), median(hari_atas)) as upper
    from spread
    group by {{ cell_columns() }}
)

{{ indicator_rows(code, sources) }}
{% endmacro %}
