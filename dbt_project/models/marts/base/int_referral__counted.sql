{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}

select
    {{ periods_of('tanggal') }} as periode,
    kode_kabupaten,
    jenis_kelamin,
    kelompok_umur_kejadian as kelompok_umur,
    coalesce(sampai_layanan, false) as sampai,
    hari_ke_layanan as hari,
    status_padanan = 'perlu_tinjauan' and not coalesce(sampai_layanan, false) as ragu,
    date_diff('day', tanggal, {{ as_of_date() }}) as hari_sejak_pengaduan
from {{ ref('kasus') }}
where agency = 'kpai' and dirujuk and anak_saat_kejadian and tanggal < {{ open_month() }}
