-- "Not found in DTSEN" is never "gets no PKH": without a family the answer is unknown,
-- unless the child's own row is paid.
select person_id
from {{ ref('anak') }}
where status_padanan <> 'ditemukan' and pkh_terlihat = false
