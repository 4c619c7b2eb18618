{# Days in bands, for a gap between two steps that two agencies dated: 'belum' until the second `came`; one without a date is 'tak_diketahui'. #}
{% macro day_band(days, came) %}
case
    when not coalesce({{ came }}, false) then 'belum'
    when {{ days }} is null or {{ days }} < 0 then 'tak_diketahui'
    when {{ days }} <= 3 then '0-3'
    when {{ days }} <= 7 then '4-7'
    when {{ days }} <= 30 then '8-30'
    when {{ days }} <= 90 then '31-90'
    else 'lebih dari 90'
end
{% endmacro %}
