{#-
    Reads a date once for each text that is delivered, for a feed of millions of rows: columns of `gabung_tanggal` are joined to `d`, and
    `terbaca_bersama` is what `baca_tanggal` gives. `sumber`: the CTE of cleaned cells, not materialized, since it is read twice.
-#}
{%- macro gabung_tanggal(kolom, acuan, sumber, d='d') -%}
    left join (
        select
            teks,
            acuan,
            {{ baca_tanggal('teks', 'acuan') }} as terbaca
        from (select distinct {{ kolom }} as teks, {{ acuan }} as acuan from {{ sumber }})
    ) as tanggal_{{ kolom }} on {{ d }}.{{ kolom }} = tanggal_{{ kolom }}.teks and {{ d }}.{{ acuan }} = tanggal_{{ kolom }}.acuan
{%- endmacro -%}

{%- macro terbaca_bersama(kolom) -%}
    coalesce(tanggal_{{ kolom }}.terbaca, struct_pack(nilai := null::date, presisi := 'none'))
{%- endmacro -%}
