{# Age band on a day, in completed years. An unknown birth date is a band of its own: it is never read as adult. #}
{% macro age_band(birth, day) %}
case
    when {{ birth }} is null or {{ birth }} > {{ day }} then 'tak_diketahui'
    when date_sub('year', {{ birth }}, {{ day }}) <= 5 then '0-5'
    when date_sub('year', {{ birth }}, {{ day }}) <= 11 then '6-11'
    when date_sub('year', {{ birth }}, {{ day }}) <= 14 then '12-14'
    when date_sub('year', {{ birth }}, {{ day }}) <= 17 then '15-17'
    else '18+'
end
{% endmacro %}
