{{ config(meta={
    'dimension': 'uniqueness',
    'tentang': 'Setiap kunjungan dan temuan hanya satu baris.',
    'menghitung': 'temuan yang berulang, dari baris marts.temuan'
}) }}

select
    no_was,
    temuan
from {{ ref('temuan') }}
group by all
having count(*) > 1
