{# Of every person of CTE `persons`, as `agency` sees it: whether CTE `paid` names it by programme, and for PKH its family. #}
{% macro aided(agency, persons, paid) %}
select * from (
    with own as (
        select
            {{ agency }} as agency,
            person_id,
            id_keluarga,
            person_id in (select a.person_id from {{ paid }} as a where a.program = 'PKH') as pkh,
            person_id in (select a.person_id from {{ paid }} as a where a.program = 'YAPI') as yapi
        from {{ persons }}
    )

    select
        *,
        id_keluarga in (select a.id_keluarga from own as a where a.pkh and a.id_keluarga is not null) as pkh_keluarga
    from own
)
{% endmacro %}
