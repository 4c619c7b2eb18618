{{ config(meta={
    'dimension': 'uniqueness',
    'tentang': 'Setiap anak, kategori, aturan dan sumber hanya satu baris tiap instansi.',
    'menghitung': 'baris yang berulang, dari baris marts.child_category'
}) }}

select
    agency,
    person_id,
    kategori,
    aturan,
    sumber
from {{ ref('child_category') }}
group by all
having count(*) > 1
