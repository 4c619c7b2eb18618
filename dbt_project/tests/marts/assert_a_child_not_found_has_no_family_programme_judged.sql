{{ config(meta={
    'dimension': 'consistency',
    'tentang': 'Tidak ada anak yang belum ditemukan di DTSEN yang dinyatakan tidak menerima PKH.',
    'menghitung': 'anak yang belum ditemukan tetapi dinyatakan tanpa PKH, dari baris marts.anak'
}) }}

-- "Not found in DTSEN" is never "gets no PKH": without a family the answer is unknown,
-- unless the child's own row is paid.
select person_id
from {{ ref('anak') }}
where status_padanan <> 'ditemukan' and pkh_terlihat = false
