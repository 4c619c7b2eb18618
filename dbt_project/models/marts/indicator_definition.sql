select
    kode as indicator_code,
    nama,
    rumus,
    pembilang,
    penyebut,
    satuan,
    periode,
    kategori,
    sumber,
    pemilik,
    dasar_kebijakan,
    sensitif = 'ya' as sensitif,
    tingkat_terendah,
    cast(baseline as double) as baseline,
    baseline_keterangan,
    cast(target as double) as target, -- noqa: RF04
    cast(galat as double) as galat
from {{ ref('codes_indikator') }}
