with

dihitung as (
    {{ hitung_kesesuaian(var('conformity')) }}
)

select
    agency::varchar as agency,
    feed::varchar as feed,
    hitungan.kolom::varchar as kolom,
    hitungan.dtsen_kolom::varchar as dtsen_kolom,
    hitungan.daftar_kode::varchar as daftar_kode,
    hitungan.terisi::bigint as terisi,
    hitungan.sesuai::bigint as sesuai,
    hitungan.total::bigint as total
from dihitung
