with atensi as (
    select
        record_id,
        'ATENSI' as jenis,
        no_kasus,
        no_rujukan,
        rujukan_dari,
        kluster,
        array_to_string(list_sort(komponen), '; ') as komponen,
        sentra,
        status,
        tanggal_selesai,
        hasil
    from {{ ref('stg_kemensos__atensi') }}
),

ppks as (
    select
        p.record_id,
        'PPKS' as jenis,
        p.kode_ppks,
        p.ragam_disabilitas,
        t.dilayani = 'YA' as terlayani
    from {{ ref('stg_kemensos__ppks') }} as p
    left join {{ ref('codes_terlayani') }} as t on p.terlayani = t.kode
),

service as (
    select * from atensi
    union all by name
    select * from ppks
)

select
    s.record_id,
    s.jenis,
    r.person_id,
    r.tanggal_peristiwa as tanggal,
    r.jenis_kelamin,
    r.kelompok_umur,
    r.kelompok_umur_kejadian,
    coalesce(p.anak, false) as anak,
    r.kode_kabupaten,
    r.kode_provinsi,
    r.status_padanan,
    s.no_kasus,
    s.rujukan_dari,
    s.no_rujukan,
    s.kluster,
    s.komponen,
    s.sentra,
    s.status,
    s.tanggal_selesai,
    s.hasil,
    s.kode_ppks,
    s.ragam_disabilitas,
    s.terlayani
from service as s
inner join {{ ref('int_person_record__resolved') }} as r on s.record_id = r.record_id
inner join {{ ref('int_person__resolved') }} as p on r.person_id = p.person_id
