{% set families = [
    'ind_feed__matched', 'ind_nik__valid', 'ind_child__not_found', 'ind_child__without_aid', 'ind_resident__unaccredited',
    'ind_institution__accredited', 'ind_resident__parent_living', 'ind_worker__caseload', 'ind_regency__without_worker',
    'ind_regency__safe_house', 'ind_referral__reached', 'ind_referral__days', 'ind_service__outcome', 'ind_child__diverted',
    'ind_disability__served', 'ind_finding__overdue', 'ind_violence__unanswered', 'ind_resident__open_finding',
    'ind_visited__unregistered', 'ind_institution__never_visited', 'ind_licence__lapsing', 'ind_institution__occupied',
    'ind_child__first_served', 'ind_disability__people_served', 'ind_vulnerable__reached', 'ind_child__without_pbi',
    'ind_complaint__closed', 'ind_referral__prompt', 'ind_list__answered', 'ind_list__served_30', 'ind_list__served_90',
] %}

with cell as (
    {% for family in families %}
        select * from {{ ref(family) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

placed as (
    select
        *,
        tingkat = 'nasional' and jenis_kelamin = 'semua' and kelompok_umur = 'semua' as semua_orang_nasional
    from cell
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
    cast(c.value as double) as value, -- noqa: RF04
    cast(c.lower as double) as lower,
    cast(c.upper as double) as upper,
    -- A policy's starting value and goal are the nation's, for everyone.
    case when c.semua_orang_nasional then d.baseline end as baseline,
    case when c.semua_orang_nasional then d.target end as target, -- noqa: RF04
    c.cakupan_sumber,
    cast(nullif('{{ tonight("dtsen_versi") }}', '') as date) as dtsen_versi,
    false as suppressed,
    '{{ tonight("run_id") }}' as run_id
from placed as c
inner join {{ ref('indicator_definition') }} as d on c.indicator_code = d.indicator_code
