{# The strict grade of a link, for what leaves for an office: a NIK that agrees, or evidence beyond any other candidate's by ten bits. #}
{% macro strict_link(decision) %}
coalesce(
    {{ decision }}.decision = 'link'
    and ({{ decision }}.method = 'nik' or ({{ decision }}.match_probability >= 0.999 and {{ decision }}.margin >= 10)),
    false
)
{% endmacro %}
