{# The period of a figure that describes a state, not events: the month of the as-of date. #}
{% macro as_of_month() %}strftime({{ as_of_date() }}, '%Y-%m'){% endmacro %}
