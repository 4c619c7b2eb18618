{# The periods an event belongs to: its month and its calendar year ('2026-03', '2026'). #}
{% macro periods_of(day) %}unnest([strftime({{ day }}, '%Y-%m'), strftime({{ day }}, '%Y')]){% endmacro %}
