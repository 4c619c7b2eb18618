{{ config(meta={
    'dimension': 'completeness',
    'tentang': 'Setiap indikator punya angka nasional.',
    'menghitung': 'indikator tanpa angka nasional, dari baris marts.indicator'
}) }}

select d.indicator_code
from {{ ref('indicator_definition') }} as d
left join {{ ref('indicator') }} as i on d.indicator_code = i.indicator_code and i.tingkat = 'nasional'
where i.indicator_code is null
