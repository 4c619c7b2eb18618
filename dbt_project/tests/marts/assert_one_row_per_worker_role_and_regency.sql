{{ config(meta={
    'dimension': 'uniqueness',
    'tentang': 'Setiap pekerja, jabatan dan kabupaten hanya satu baris.',
    'menghitung': 'pekerja yang berulang, dari baris marts.pekerja_sosial'
}) }}

select
    person_id,
    jabatan,
    kode_kabupaten
from {{ ref('pekerja_sosial') }}
group by all
having count(*) > 1
