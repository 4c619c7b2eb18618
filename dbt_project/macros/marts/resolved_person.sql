{#
A person as known from its records and the register row that one of them is linked to. `by`: whose records speak: ['person_id'] all of
them; ['agency', 'person_id'] those of one agency, so that what an agency is shown never holds what another one wrote.
`column`: one more column of a person, `each` what a decision (d) says of it, `together` what several do. `decisions`: a CTE of those that
are meant, all of them unless given.
Least of structs and lists are kept in memory that DuckDB cannot spill, and of a nation's persons nearly every one has one record: only
the others are put together, and the rows of the rest flow by without being kept.
#}
{% macro resolved_person(by, column, each, together, person='d.person_id', decisions=none) %}
with decided as not materialized (
    select
        d.record_id,
        d.agency,
        {{ person }} as person_id,
        {{ each }} as {{ column }},
        d.register_id,
        d.decision,
        d.match_weight
    from {{ decisions or source('link', 'decision') }} as d
),

several as (
    select {{ by | join(', ') }}
    from decided
    group by {{ by | join(', ') }}
    having count(*) > 1
),

single as not materialized (
    select *
    from decided
    anti join several using ({{ by | join(', ') }})
),

repeated as not materialized (
    select *
    from decided
    semi join several using ({{ by | join(', ') }})
),

adult_by_kind as (
    -- Rows of child feeds that speak of adults by what they are about; they decide only where no birth date is known.
    select p.record_id
    from {{ ref('stg_kemensos__ppks') }} as p
    inner join {{ ref('codes_ppks') }} as k on p.kode_ppks = k.kode
    where k.khusus_anak = 'TIDAK' and p.tanggal_lahir is null
    union all
    select p.record_id
    from {{ ref('stg_kemensos__pkh') }} as p
    inner join {{ ref('codes_komponen_pkh') }} as k on p.komponen = k.kode
    where k.anak = 'TIDAK' and p.tanggal_lahir is null
),

summary as (
    select
        *,
        1 as jumlah_catatan
    from ({{ said('single', by, column) }})
    union all by name
    select
        {{ by | join(', ') }},
        {{ together }} as {{ column }},
        min(best_link) as best_link,
        min(best_birth) as best_birth,
        min(best_place) as best_place,
        min(status) as status,
        -- As many records say L as say P: unknown, since nothing is guessed.
        sign(sum(kelamin)) as kelamin,
        -- A record on an earlier day tells of a younger person: the first of a child feed decides for all of them.
        min(acuan_anak) as acuan_anak,
        bool_or(disebut_anak) as disebut_anak,
        count(*) as jumlah_catatan
    from ({{ said('repeated', by, column) }})
    group by {{ by | join(', ') }}
),

person as (
    select
        {% for key in by %}
        s.{{ key }},
        {% endfor %}
        s.{{ column }},
        r.register_id,
        r.id_keluarga,
        r.desil,
        case s.status when 1 then 'ditemukan' when 2 then 'perlu_tinjauan' else 'belum_ditemukan' end as status_padanan,
        s.jumlah_catatan,
        coalesce(r.tanggal_lahir, s.best_birth.tanggal_lahir) as tanggal_lahir,
        coalesce(
            case r.jenis_kelamin when '1' then 'L' when '2' then 'P' else r.jenis_kelamin end,
            case s.kelamin when 1 then 'L' when -1 then 'P' end
        ) as jenis_kelamin,
        coalesce(s.best_place.kode_kabupaten, r.kode_kabupaten) as kode_kabupaten,
        s.acuan_anak,
        s.disebut_anak
    from summary as s
    left join {{ source('link', 'register_person') }} as r on s.best_link.register_id = r.register_id
)

select
    person.* exclude (acuan_anak, disebut_anak), -- noqa: AM04
    -- Whether a record of a child feed is of a child: by the birth date on the day that the record speaks of, else by what it is about.
    case
        when tanggal_lahir is null then coalesce(disebut_anak, false)
        else coalesce(date_sub('year', tanggal_lahir, acuan_anak) < 18, false)
    end as anak
from person
{% endmacro %}

{# What each record of CTE `decisions` says. The least of each struct is the best record: ties are broken by content, never by record_id,
   which differs from home to home. #}
{% macro said(decisions, by, column) %}
select
    {% for key in by %}
    d.{{ key }},
    {% endfor %}
    d.{{ column }},
    case
        when d.decision = 'link'
            then struct_pack(a_weight := -coalesce(d.match_weight, '-infinity'::double), register_id := d.register_id)
    end as best_link,
    case
        when p.tanggal_lahir is not null
            then struct_pack(
                a_precision := coalesce(array_position(['day', 'month', 'year', 'age'], p.tanggal_lahir_precision), 5),
                b_days := {{ days_before('p.acuan') }},
                tanggal_lahir := p.tanggal_lahir
            )
    end as best_birth,
    case
        when p.kode_kabupaten is not null
            then struct_pack(a_days := {{ days_before('p.acuan') }}, kode_kabupaten := p.kode_kabupaten)
    end as best_place,
    case d.decision when 'link' then 1 when 'review' then 2 else 3 end as status,
    case p.jenis_kelamin when 'L' then 1 when 'P' then -1 else 0 end as kelamin,
    case when p.anak then coalesce(p.acuan, {{ as_of_date() }}) end as acuan_anak,
    p.anak and p.record_id not in (select a.record_id from adult_by_kind as a) as disebut_anak
from {{ decisions }} as d
inner join (
    select
        *,
        case when tanggal_acuan <= {{ as_of_date() }} then tanggal_acuan else delivery_date end as acuan
    from {{ ref('int_person__standardized') }}
) as p on d.record_id = p.record_id
{% endmacro %}

{# Days from a date to one that no record reaches, so that the latest date has the least; most where there is none. #}
{% macro days_before(date) -%}
coalesce(date '9999-12-31' - {{ date }}, 9999999)
{%- endmacro %}
