{% set families = [
    'ind_feed__matched', 'ind_nik__valid', 'ind_child__not_found', 'ind_child__without_aid', 'ind_resident__unaccredited',
    'ind_institution__accredited', 'ind_resident__parent_living', 'ind_worker__caseload', 'ind_regency__without_worker',
    'ind_regency__safe_house', 'ind_referral__reached', 'ind_referral__days', 'ind_service__outcome', 'ind_child__diverted',
    'ind_disability__served',
] %}

with cell as (
    {% for family in families %}
    select * from {{ ref(family) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    c.indicator_code,
    c.periode,
    c.tingkat,
    c.kode_kemendagri,
    c.kategori,
    c.jenis_kelamin,
    c.kelompok_umur,
    cast(c.numerator as bigint) as numerator,
    cast(c.denominator as bigint) as denominator,
    cast(c.value as double) as value,
    cast(c.lower as double) as lower,
    cast(c.upper as double) as upper,
    -- A policy's starting value and goal are the nation's, for everyone.
    case when c.tingkat = 'nasional' and c.jenis_kelamin = 'semua' and c.kelompok_umur = 'semua' then d.baseline end as baseline,
    case when c.tingkat = 'nasional' and c.jenis_kelamin = 'semua' and c.kelompok_umur = 'semua' then d.target end as target,
    c.cakupan_sumber,
    cast(nullif('{{ var("dtsen_versi", "") }}', '') as date) as dtsen_versi,
    false as suppressed,
    '{{ var("run_id") }}' as run_id
from cell as c
inner join {{ ref('indicator_definition') }} as d using (indicator_code)
