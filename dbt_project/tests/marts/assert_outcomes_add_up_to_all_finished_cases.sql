{{ config(meta={
    'dimension': 'consistency',
    'tentang': 'Hasil ATENSI berjumlah sama dengan kasus yang selesai.',
    'menghitung': 'sel I13 yang tidak berjumlah, dari baris marts.indicator'
}) }}

select
    periode,
    kode_kemendagri,
    jenis_kelamin,
    kelompok_umur
from {{ ref('indicator') }}
where indicator_code = 'I13' and denominator is not null
group by all
having sum(numerator) <> any_value(denominator)
