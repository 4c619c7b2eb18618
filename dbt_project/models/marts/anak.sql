with paid_pkh as (
    select distinct
        p.person_id,
        p.id_keluarga
    from {{ ref('bantuan') }} as b
    inner join {{ ref('int_person__resolved') }} as p on b.person_id = p.person_id
    where b.program = 'PKH' and b.berjalan
),

paid_family as (
    select distinct id_keluarga
    from paid_pkh
    where id_keluarga is not null
),

yapi as (
    select distinct person_id
    from {{ ref('bantuan') }}
    where program = 'YAPI' and berjalan
),

feeds as (
    select
        person_id,
        list_sort(list_distinct(list(agency || '/' || feed))) as sumber
    from {{ ref('int_person_record__resolved') }}
    group by person_id
)

select
    p.person_id,
    p.jenis_kelamin,
    {{ age_band('p.tanggal_lahir', as_of_date()) }} as kelompok_umur,
    p.kode_kabupaten,
    left(p.kode_kabupaten, 2) as kode_provinsi,
    p.status_padanan,
    p.jumlah_catatan,
    array_to_string(f.sumber, ', ') as sumber,
    case
        when not {{ feed_seen('kemensos/pkh') }} then null
        when p.person_id in (select q.person_id from paid_pkh as q) then true
        when p.id_keluarga is null then null
        else p.id_keluarga in (select q.id_keluarga from paid_family as q)
    end as pkh_terlihat,
    case
        when {{ feed_seen('kemensos/yapi') }} then p.person_id in (select y.person_id from yapi as y)
    end as yapi_terlihat
from {{ ref('int_person__resolved') }} as p
inner join feeds as f on p.person_id = f.person_id
where p.anak
