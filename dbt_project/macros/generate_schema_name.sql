{#- The schema is exactly the one that is configured: codes, staging, intermediate, marts. -#}
{%- macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
{%- endmacro -%}
