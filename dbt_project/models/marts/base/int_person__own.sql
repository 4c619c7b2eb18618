{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

{{ resolved_person(
    ['agency', 'person_id'], 'person_id_semua', "case when d.decision <> 'link' then d.person_id end",
    'min(person_id_semua)', own_person('d')
) }}
