{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}


-- One row a listed child: its list's month, and its last answer until the as-of date.
with last_answer as (
    select
        row_id,
        periode,
        max_by(jawaban, (imported_at, jawaban)) as jawaban,
        max_by(tanggal, (imported_at, jawaban)) as tanggal
    from {{ source('returns', 'answer') }}
    where tanggal <= {{ as_of_date() }}
    group by row_id, periode
)

select
    l.row_id,
    l.periode,
    l.kode_kabupaten,
    l.listed_on,
    a.jawaban,
    a.tanggal
from {{ source('returns', 'listed') }} as l
left join last_answer as a on l.row_id = a.row_id and l.periode = a.periode
where l.agency = 'kemensos' and l.listed_on <= {{ as_of_date() }}
