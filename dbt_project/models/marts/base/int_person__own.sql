{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

{{ resolved_person(['agency', 'person_id'], own_person('d')) }}
