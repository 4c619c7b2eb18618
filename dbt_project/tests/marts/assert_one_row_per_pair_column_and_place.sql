{{ config(meta={
    'dimension': 'uniqueness',
    'tentang': 'Setiap pasangan sumber, kolom dan wilayah hanya satu baris.',
    'menghitung': 'pasangan sumber, kolom dan wilayah yang berulang, dari baris marts.selisih'
}) }}

select
    agency_kiri,
    feed_kiri,
    agency_kanan,
    feed_kanan,
    kolom,
    tingkat,
    kode_kemendagri
from {{ ref('selisih') }}
group by all
having count(*) > 1
