{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

{{ resolved_person(
    ['agency', 'person_id'], 'person_id_lain', "case when d.decision <> 'link' then d.person_id end",
    'min(person_id_lain)', own_person('d')
) }}
