{{ config(meta={
    'dimension': 'consistency',
    'tentang': 'Masa desil sebuah keluarga tidak bertumpuk.',
    'menghitung': 'masa yang bertumpuk, dari baris marts.keluarga'
}) }}

select id_keluarga
from {{ ref('keluarga') }}
qualify coalesce(sampai, timestamp '9999-12-31') > lead(dari) over (partition by id_keluarga order by dari)
