select indicator_code, periode, kategori, left(kode_kemendagri, 2) as kode_provinsi
from {{ ref('indicator') }}
where tingkat in ('provinsi', 'kabupaten') and jenis_kelamin = 'semua' and kelompok_umur = 'semua'
group by all
having
    sum(numerator) filter (where tingkat = 'provinsi') <> coalesce(sum(numerator) filter (where tingkat = 'kabupaten'), 0)
    or sum(denominator) filter (where tingkat = 'provinsi') <> coalesce(sum(denominator) filter (where tingkat = 'kabupaten'), 0)
    or count(*) filter (where tingkat = 'provinsi') <> 1
