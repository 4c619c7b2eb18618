{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

{{ resolved_person(['person_id']) }}
