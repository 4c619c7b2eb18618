{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

{{ resolved_person(
    ['person_id'], 'sumber', "d.agency || '/' || d.feed", "array_to_string(list_sort(list(distinct sumber)), ', ')"
) }}
