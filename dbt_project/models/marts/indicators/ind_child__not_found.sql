{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with without_identity as (
    select person_id
    from {{ ref('int_person_record__resolved') }}
    where person_id in (select c.person_id from {{ ref('int_child_case__counted') }} as c)
    group by person_id
    having not bool_or(ada_nik or coalesce(ada_nama_dan_tanggal, false))
),

child as (
    select
        c.*,
        case
            when c.status_padanan = 'ditemukan' then 'ditemukan'
            when c.status_padanan = 'perlu_tinjauan' then 'perlu_tinjauan'
            when c.person_id in (select w.person_id from without_identity as w) then 'tanpa_identitas'
            else 'tanpa_padanan'
        end as keadaan
    from {{ ref('int_child_case__counted') }} as c
    where c.cakupan = 'kpai'
),

kind as (
    select unnest(['semua', 'perlu_tinjauan', 'tanpa_identitas', 'tanpa_padanan']) as kategori
),

counted as (
    select
        c.*,
        k.kategori,
        c.keadaan <> 'ditemukan' and k.kategori in ('semua', c.keadaan) as belum,
        c.keadaan = 'perlu_tinjauan' as ragu
    from child as c
    cross join kind as k
),

-- Below: every doubtful child is found. Above: none is, and then it has no match.
fakta as (
    select
        kategori,
        periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur,
        cast(belum as integer) as num,
        1 as den,
        cast(belum and not ragu as integer) as num_bawah,
        1 as den_bawah,
        cast(belum or (ragu and kategori = 'tanpa_padanan') as integer) as num_atas,
        1 as den_atas
    from counted
),

{{ roll_up(
    'I03',
    'fakta',
    feed_seen('kpai/pengaduan') ~ ' and ' ~ feed_seen('dtsen'),
    sources=['dtsen', 'kpai/pengaduan'],
    bounded=true
) }}
