{# Figures of cases speak of months that have closed: of events before this day, the first of the as-of month. From one night to the
   next they then change only by late deliveries, and nobody learns of a new case by comparing two publications. #}
{% macro open_month() %}cast(date_trunc('month', {{ as_of_date() }}) as date){% endmacro %}
