-- A median's numerator counts things too, so every indicator is in it.
select indicator_code, periode, kategori, jenis_kelamin, kelompok_umur
from {{ ref('indicator') }}
where tingkat in ('nasional', 'provinsi')
group by all
having
    sum(numerator) filter (where tingkat = 'nasional') <> coalesce(sum(numerator) filter (where tingkat = 'provinsi'), 0)
    or sum(denominator) filter (where tingkat = 'nasional') <> coalesce(sum(denominator) filter (where tingkat = 'provinsi'), 0)
    or count(*) filter (where tingkat = 'nasional') <> 1
