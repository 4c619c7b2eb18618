{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with open_finding as (
    select distinct no_td
    from {{ ref('pengawasan') }}
    where status = 'TERBUKA' and jumlah_temuan > 0 and no_td is not null
),

fakta as (
    select
        'semua' as kategori,
        {{ as_of_month() }} as periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur,
        cast(no_td in (select f.no_td from open_finding as f) as integer) as num,
        1 as den
    from {{ ref('int_resident__counted') }}
    where no_td is not null
),

{{ roll_up(
    'I18',
    'fakta',
    feed_seen('kemensos/lksa_anak') ~ ' and ' ~ feed_seen('kemensos/lks') ~ ' and ' ~ feed_seen('kpai/pengawasan'),
    sources=['kemensos/lks', 'kemensos/lksa_anak', 'kpai/pengawasan']
) }}
