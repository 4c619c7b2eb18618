{# What differs from night to night: as_of, run_id, dtsen_versi ('' without a release). In the environment and not in dbt's vars, since
   dbt parses the whole project again when a var has changed; and not asked while it parses, or it would parse those who ask again. #}
{% macro tonight(what) %}{% if execute %}{{ env_var('PADAN_' ~ what | upper, '') }}{% endif %}{% endmacro %}

{# The day that ages and expiries are as of. #}
{% macro as_of_date() %}cast('{{ tonight("as_of") }}' as date){% endmacro %}
