{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

{{ resolved_person(
    ['agency', 'person_id'], 'person_id_semua', 'd.person_id', 'min(person_id_semua)', own_person('d')
) }}
