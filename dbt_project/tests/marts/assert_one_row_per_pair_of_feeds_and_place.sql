{{ config(meta={
    'dimension': 'uniqueness',
    'tentang': 'Setiap pasangan sumber dan wilayah hanya satu baris.',
    'menghitung': 'pasangan sumber dan wilayah yang berulang, dari baris marts.padanan'
}) }}

select
    agency_kiri,
    feed_kiri,
    agency_kanan,
    feed_kanan,
    tingkat,
    kode_kemendagri
from {{ ref('padanan') }}
group by all
having count(*) > 1
