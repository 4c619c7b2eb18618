{# Who a record is about, as its own agency may know: the DTSEN person of its own link; without one the record stands for itself, since
   another agency's record may be all that joins it to others. #}
{% macro own_person(decision) %}
case when {{ decision }}.decision = 'link' then {{ decision }}.person_id else 'R' || {{ decision }}.record_id end
{% endmacro %}
