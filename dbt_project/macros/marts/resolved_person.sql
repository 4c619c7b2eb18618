{#
A person as known from its records and the register row that one of them is linked to. `by`: whose records speak: ['person_id'] all of
them; ['agency', 'person_id'] those of one agency, so that what an agency is shown never holds what another one wrote.
#}
{% macro resolved_person(by, person='d.person_id') %}
with record as (
    select
        p.record_id,
        p.agency,
        p.feed,
        p.anak,
        p.tanggal_lahir,
        p.tanggal_lahir_precision,
        p.jenis_kelamin,
        p.kode_kabupaten,
        case when p.tanggal_acuan <= {{ as_of_date() }} then p.tanggal_acuan else p.delivery_date end as tanggal_acuan,
        {{ person }} as person_id,
        d.register_id,
        d.decision,
        d.match_weight
    from {{ ref('int_person__standardized') }} as p
    inner join {{ source('link', 'decision') }} as d on p.record_id = d.record_id
),

-- Ties are broken by content, never by record_id, which differs from home to home.
register_choice as (
    select
        {{ by | join(', ') }},
        register_id
    from record
    where decision = 'link'
    qualify row_number() over (partition by {{ by | join(', ') }} order by match_weight desc nulls last, register_id asc) = 1
),

register_person as (
    select
        c.* exclude (register_id),
        r.register_id,
        r.id_keluarga,
        r.desil,
        r.kode_kabupaten,
        r.tanggal_lahir,
        case r.jenis_kelamin when '1' then 'L' when '2' then 'P' else r.jenis_kelamin end as jenis_kelamin
    from register_choice as c
    inner join {{ source('link', 'register_person') }} as r on c.register_id = r.register_id
),

birth as (
    select
        {{ by | join(', ') }},
        tanggal_lahir
    from record
    where tanggal_lahir is not null
    qualify row_number() over (
        partition by {{ by | join(', ') }}
        order by
            array_position(['day', 'month', 'year', 'age'], tanggal_lahir_precision) asc nulls last,
            tanggal_acuan desc nulls last,
            tanggal_lahir asc
    ) = 1
),

place as (
    select
        {{ by | join(', ') }},
        kode_kabupaten
    from record
    where kode_kabupaten is not null
    qualify row_number() over (partition by {{ by | join(', ') }} order by tanggal_acuan desc nulls last, kode_kabupaten asc) = 1
),

summary as (
    select
        {{ by | join(', ') }},
        count(*) as jumlah_catatan,
        case
            when bool_or(decision = 'link') then 'ditemukan'
            when bool_or(decision = 'review') then 'perlu_tinjauan'
            else 'belum_ditemukan'
        end as status_padanan,
        -- As many records say L as say P: unknown, since nothing is guessed.
        case sign(count(*) filter (where jenis_kelamin = 'L') - count(*) filter (where jenis_kelamin = 'P'))
            when 1 then 'L'
            when -1 then 'P'
        end as jenis_kelamin
    from record
    group by {{ by | join(', ') }}
),

person as (
    select
        {% for key in by %}
        s.{{ key }},
        {% endfor %}
        r.register_id,
        r.id_keluarga,
        r.desil,
        s.status_padanan,
        s.jumlah_catatan,
        coalesce(r.tanggal_lahir, b.tanggal_lahir) as tanggal_lahir,
        coalesce(r.jenis_kelamin, s.jenis_kelamin) as jenis_kelamin,
        coalesce(p.kode_kabupaten, r.kode_kabupaten) as kode_kabupaten
    from summary as s
    left join register_person as r on {% for key in by %}s.{{ key }} = r.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join birth as b on {% for key in by %}s.{{ key }} = b.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join place as p on {% for key in by %}s.{{ key }} = p.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
),

-- Rows of child feeds that speak of adults by what they are about; they decide only where no birth date is known.
adult_by_kind as (
    select p.record_id
    from {{ ref('stg_kemensos__ppks') }} as p
    inner join {{ ref('codes_ppks') }} as k on p.kode_ppks = k.kode
    where k.khusus_anak = 'TIDAK'
    union all
    select p.record_id
    from {{ ref('stg_kemensos__pkh') }} as p
    inner join {{ ref('codes_komponen_pkh') }} as k on p.komponen = k.kode
    where k.anak = 'TIDAK'
),

child as (
    select distinct {% for key in by %}r.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
    from record as r
    inner join person as p on {% for key in by %}r.{{ key }} = p.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    where
        r.anak
        and case
            when p.tanggal_lahir is null then r.record_id not in (select a.record_id from adult_by_kind as a)
            else date_sub('year', p.tanggal_lahir, coalesce(r.tanggal_acuan, {{ as_of_date() }})) < 18
        end
)

select
    p.*,
    c.person_id is not null as anak
from person as p
left join child as c on {% for key in by %}p.{{ key }} = c.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
{% endmacro %}
