{{ config(schema='intermediate', materialized='table', contract={'enforced': false}) }}

-- What two feeds say of one child, column by column, where both say something: one row a child, pair and column.
with record as (
    select
        r.agency,
        r.feed,
        r.person_id,
        r.record_id,
        case when s.tanggal_lahir_precision = 'day' then s.tanggal_lahir end as tanggal_lahir,
        s.jenis_kelamin
    from {{ ref('int_person_record__resolved') }} as r
    inner join {{ ref('int_person__resolved') }} as p on r.person_id = p.person_id
    inner join {{ ref('int_person__standardized') }} as s on r.record_id = s.record_id
    where p.anak and p.jumlah_catatan > 1
    -- Of a child's rows in one feed the newest speaks; ties are broken by content, never by record_id.
    qualify row_number() over (
        partition by r.agency, r.feed, r.person_id
        order by
            r.tanggal_peristiwa desc nulls last,
            case when s.tanggal_lahir_precision = 'day' then s.tanggal_lahir end asc nulls last,
            s.jenis_kelamin asc nulls last
    ) = 1
),

pair as (
    select
        l.agency as agency_kiri,
        l.feed as feed_kiri,
        r.agency as agency_kanan,
        r.feed as feed_kanan,
        l.person_id,
        l.tanggal_lahir = r.tanggal_lahir as tanggal_sama,
        l.jenis_kelamin = r.jenis_kelamin as jenis_kelamin_sama
    from record as l
    inner join record as r on l.person_id = r.person_id and (l.agency, l.feed) < (r.agency, r.feed)
),

identity as (
    select
        * exclude (tanggal_sama, jenis_kelamin_sama),
        'tanggal_lahir' as kolom,
        tanggal_sama as sama
    from pair
    union all by name
    select
        * exclude (tanggal_sama, jenis_kelamin_sama),
        'jenis_kelamin' as kolom,
        jenis_kelamin_sama as sama
    from pair
),

complaint as (
    select
        r.person_id,
        list(distinct k.no_pengaduan) as nomor,
        max_by(k.status, (r.tanggal_peristiwa, k.status)) = 'TERMINASI' as selesai
    from {{ ref('stg_kpai__pengaduan') }} as k
    inner join {{ ref('int_person_record__resolved') }} as r on k.record_id = r.record_id
    group by r.person_id
),

rehabilitation as (
    select
        r.person_id,
        list(distinct a.no_rujukan) filter (where a.no_rujukan is not null) as rujukan,
        max_by(a.status, (r.tanggal_peristiwa, a.status)) = 'SELESAI' as selesai
    from {{ ref('stg_kemensos__atensi') }} as a
    inner join {{ ref('int_person_record__resolved') }} as r on a.record_id = r.record_id
    group by r.person_id
),

listed as (
    select
        r.person_id,
        max_by(t.dilayani, (r.tanggal_peristiwa, t.dilayani)) = 'YA' as terlayani
    from {{ ref('stg_kemensos__ppks') }} as p
    inner join {{ ref('codes_terlayani') }} as t on p.terlayani = t.kode
    inner join {{ ref('int_person_record__resolved') }} as r on p.record_id = r.record_id
    group by r.person_id
),

service as (
    select
        'kemensos' as agency_kiri,
        'atensi' as feed_kiri,
        'kpai' as agency_kanan,
        'pengaduan' as feed_kanan,
        a.person_id,
        'status' as kolom,
        a.selesai = k.selesai as sama
    from rehabilitation as a
    inner join complaint as k on a.person_id = k.person_id
    union all by name
    select
        'kemensos' as agency_kiri,
        'atensi' as feed_kiri,
        'kpai' as agency_kanan,
        'pengaduan' as feed_kanan,
        a.person_id,
        'no_rujukan' as kolom,
        case when len(a.rujukan) > 0 then list_has_any(a.rujukan, k.nomor) end as sama
    from rehabilitation as a
    inner join complaint as k on a.person_id = k.person_id
    union all by name
    select
        'kemensos' as agency_kiri,
        'atensi' as feed_kiri,
        'kemensos' as agency_kanan,
        'ppks' as feed_kanan,
        a.person_id,
        'layanan' as kolom,
        l.terlayani as sama
    from rehabilitation as a
    inner join listed as l on a.person_id = l.person_id
)

select
    c.agency_kiri,
    c.feed_kiri,
    c.agency_kanan,
    c.feed_kanan,
    c.kolom,
    c.person_id,
    p.kode_kabupaten,
    not c.sama as berbeda
from (
    select * from identity
    union all by name
    select * from service
) as c
inner join {{ ref('int_person__resolved') }} as p on c.person_id = p.person_id
where p.anak and c.sama is not null
