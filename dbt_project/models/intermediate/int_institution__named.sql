with

disebut as (
    select
        record_id,
        'kpai' as agency,
        'pengawasan' as feed,
        delivery_date,
        source_file,
        source_row,
        null::varchar as no_td,
        nama_lks,
        objek_jenis as jenis,
        kode_kabupaten
    from {{ ref('stg_kpai__pengawasan') }}
    union all
    -- the regency of a complaint is the child's, not the institution's
    select
        record_id,
        'kpai' as agency,
        'pengaduan' as feed,
        delivery_date,
        source_file,
        source_row,
        null::varchar as no_td,
        nama_lks,
        null::varchar as jenis,
        null::varchar as kode_kabupaten
    from {{ ref('stg_kpai__pengaduan') }}
    union all
    select
        record_id,
        'kemensos' as agency,
        'lksa_anak' as feed,
        delivery_date,
        source_file,
        source_row,
        no_td,
        nama_lks,
        'LKSA' as jenis,
        null::varchar as kode_kabupaten
    from {{ ref('stg_kemensos__lksa_anak') }}
)

select
    record_id as mention_id,
    agency,
    feed,
    delivery_date,
    source_file,
    source_row,
    no_td,
    nama_lks,
    jenis,
    kode_kabupaten
from disebut
where nama_lks is not null or no_td is not null
