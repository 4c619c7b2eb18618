{{ config(materialized='ephemeral', contract={'enforced': false}) }}

with finished as (
    select
        {{ periods_of('coalesce(tanggal_selesai, tanggal)') }} as periode,
        kode_kabupaten,
        jenis_kelamin,
        kelompok_umur_kejadian as kelompok_umur,
        coalesce(hasil, 'TANPA HASIL') as hasil
    from {{ ref('layanan') }}
    where
        jenis = 'ATENSI' and status = 'SELESAI' and kelompok_umur_kejadian <> '18+'
        and coalesce(tanggal_selesai <= {{ as_of_date() }}, true)
),

outcome as (
    select kode as hasil from {{ ref('codes_hasil_atensi') }}
    union
    select 'TANPA HASIL'
),

-- Every outcome in every cell, so that a zero is a zero and the shares add up to one.
fakta as (
    select
        o.hasil as kategori,
        f.periode,
        f.kode_kabupaten,
        f.jenis_kelamin,
        f.kelompok_umur,
        cast(f.hasil = o.hasil as integer) as num,
        1 as den
    from finished as f
    cross join outcome as o
),

{{ roll_up('I13', 'fakta', feed_seen('kemensos/atensi'), sources=['kemensos/atensi']) }}
