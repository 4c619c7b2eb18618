{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

{{ resolved_person(
    ['person_id'], 'sumber', "p.agency || '/' || p.feed", "array_to_string(list_sort(list(distinct sumber)), ', ')"
) }}
