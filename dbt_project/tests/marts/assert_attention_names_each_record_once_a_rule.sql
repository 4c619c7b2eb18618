{{ config(meta={
    'dimension': 'uniqueness',
    'tentang': 'Setiap aturan perhatian menyebut satu catatan sekali.',
    'menghitung': 'catatan yang berulang, dari baris marts.perhatian'
}) }}

select
    aturan,
    record_id
from {{ ref('perhatian') }}
group by all
having count(*) > 1
