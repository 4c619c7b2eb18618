{{ config(meta={
    'dagster': {'ref': {'name': 'codes_wilayah'}},
    'tabel': 'codes.*',
    'dimension': 'uniqueness',
    'tentang': 'Setiap kode hanya sekali dalam daftarnya.',
    'menghitung': 'kode yang berulang dalam daftarnya'
}) }}

with

kode as (
    {{ semua_kode() }}
)

select
    daftar,
    kode
from kode
group by daftar, kode
having count(*) > 1
