{# The day that ages and expiries are as of. #}
{% macro as_of_date() %}cast('{{ var("as_of") }}' as date){% endmacro %}
