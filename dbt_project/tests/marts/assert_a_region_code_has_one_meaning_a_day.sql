{{ config(meta={
    'dimension': 'uniqueness',
    'tentang': 'Sebuah kode wilayah hanya punya satu arti pada satu hari.',
    'menghitung': 'kode yang masanya bertumpuk, dari baris marts.wilayah'
}) }}

with masa as (
    select
        kode,
        coalesce(dari, date '0001-01-01') as dari,
        coalesce(sampai, date '9999-12-31') as sampai
    from {{ ref('wilayah') }}
)

select kode
from masa
qualify sampai >= lead(dari) over (partition by kode order by dari)
