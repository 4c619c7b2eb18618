{{ config(meta={
    'dagster': {'ref': {'name': 'codes_wilayah'}},
    'tabel': 'codes.*',
    'dimension': 'completeness',
    'tentang': 'Setiap baris daftar kode punya kode.',
    'menghitung': 'baris daftar kode tanpa kode'
}) }}

with

kode as (
    {{ semua_kode() }}
)

select daftar
from kode
where kode is null or trim(kode) = ''
