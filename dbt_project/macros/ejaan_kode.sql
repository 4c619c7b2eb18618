{#-
    Spellings of one code list: (ejaan, kode), one row a spelling, from its code, its name and `codes_ejaan`.
    A spelling that would mean two codes means none.
-#}
{%- macro ejaan_kode(daftar) -%}
    select
        {{ kunci_kode("ejaan") }} as ejaan,
        min(kode) as kode
    from (
        select kode as ejaan, kode from {{ ref("codes_" ~ daftar) }}
        union all
        select nama as ejaan, kode from {{ ref("codes_" ~ daftar) }}
        union all
        select ejaan, kode from {{ ref("codes_ejaan") }} where daftar = '{{ daftar }}'
    ) as semua
    group by 1
    having count(distinct kode) = 1
{%- endmacro -%}
