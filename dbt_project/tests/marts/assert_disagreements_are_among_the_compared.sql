{{ config(meta={
    'dimension': 'consistency',
    'tentang': 'Yang berbeda tidak lebih dari yang dibandingkan, dan yang dibandingkan tidak lebih dari anak di kedua sumber.',
    'menghitung': 'baris yang melanggarnya, dari baris marts.selisih',
    'tabel': 'marts.selisih'
}) }}

select
    s.agency_kiri,
    s.feed_kiri,
    s.agency_kanan,
    s.feed_kanan,
    s.kolom,
    s.kode_kemendagri
from {{ ref('selisih') }} as s
left join {{ ref('padanan') }} as p
    on
        s.agency_kiri = p.agency_kiri
        and s.feed_kiri = p.feed_kiri
        and s.agency_kanan = p.agency_kanan
        and s.feed_kanan = p.feed_kanan
        and s.tingkat = p.tingkat
        and s.kode_kemendagri = p.kode_kemendagri
where s.berbeda > s.dibandingkan or s.dibandingkan > coalesce(p.keduanya, 0)
