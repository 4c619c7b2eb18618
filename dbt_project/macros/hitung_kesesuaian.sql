{#-
    Filled and conforming cells of contract columns, one row a column, each feed read once.
    `kolom`: list of {agency, feed, kolom, dtsen, codes}. The staging model of a feed says how each field was read in
    <kolom>_status: conforming is `ok` or `valid`, empty is `kosong` or `missing`. A NIK that contradicts the sex or date
    beside it conforms: it is a NIK, and which of the two is wrong is not known.
-#}
{%- macro hitung_kesesuaian(kolom) -%}
    {%- for feed in kolom | groupby("feed") %}
    {%- for tabel in feed.list | groupby("agency") %}
    select
        '{{ tabel.grouper }}' as agency,
        '{{ feed.grouper }}' as feed,
        unnest([
            {%- for k in tabel.list %}
            struct_pack(
                kolom := '{{ k.kolom }}',
                dtsen_kolom := nullif('{{ k.dtsen or "" }}', ''),
                daftar_kode := nullif('{{ k.codes or "" }}', ''),
                total := count(*),
                terisi := count(*) filter (where {{ k.kolom }}_status not in ('kosong', 'missing')),
                sesuai := count(*) filter (where {{ k.kolom }}_status in ('ok', 'valid', 'sex_or_date_conflict'))
            ){{ "," if not loop.last }}
            {%- endfor %}
        ]) as hitungan
    from {{ ref("stg_" ~ tabel.grouper ~ "__" ~ feed.grouper) }}
    union all
    {%- endfor %}
    {%- endfor %}
    select
        null as agency,
        null as feed,
        null as hitungan
    where false
{%- endmacro -%}
