{#-
    A cleaned date → STRUCT(nilai DATE, presisi); presisi: day | month | year | age | none.
    A month, a year or an age gives the middle of the interval that it allows, never later than `acuan` for what has happened.
    Before 1900, in the future, or a day that does not exist: none.
    `acuan`: date column after which nothing has happened; `saat`: the one as of which an age is told, if it is another.
    `jenis`: lahir (a two-digit year is never in the future) | kejadian (an event, not after `acuan`) | berlaku (an expiry).
    `termuda`: youngest age that the feed can hold; a two-digit year that gives less is of the century before.
    Each step is a lambda over a list of one, so that what a step needs twice is computed once.
-#}
{%- macro baca_tanggal(teks, acuan, jenis='lahir', termuda=0, saat=none) -%}
    case
        when {{ teks }} is null then struct_pack(nilai := null::date, presisi := 'none')
        when regexp_full_match({{ teks }}, '[0-9]{1,3} ?(TAHUN|THN|TH)\.?( [0-9]{1,2} ?(BULAN|BLN|BL)\.?)?')
            then {{ lahir_dari_usia("try_cast(regexp_extract(" ~ teks ~ ", '^[0-9]+') as integer)", saat or acuan) }}
        else
            list_transform(
                list_transform(
                    list_transform(
                        [
                            regexp_extract(
                                {{ urut_tanggal(teks) }}, '^([0-9]*)-([0-9A-Z]*)-([0-9]+)$', ['hari', 'bulan', 'tahun']
                            )
                        ],
                        lambda b: struct_pack(
                            hari := nullif(try_cast(b.hari as integer), 0),
                            bulan := nullif({{ nomor_bulan("b.bulan") }}, 0),
                            tahun := try_cast(b.tahun as integer),
                            pendek := length(b.tahun) = 2,
                            bernama := regexp_matches(b.bulan, '[A-Z]')
                        )
                    ),
                    lambda b: struct_pack(
                        awal := {{ hari_pertama("b", abad_tahun("b", acuan, jenis, termuda)) }},
                        presisi := case when b.hari is not null then 'day' when b.bulan is not null then 'month' else 'year' end
                    )
                ),
                lambda t: case
                    when t.awal is null or t.awal < date '1900-01-01' {{ "or t.awal > " ~ acuan if jenis != "berlaku" }}
                        then struct_pack(nilai := null::date, presisi := 'none')
                    when t.presisi = 'day' then struct_pack(nilai := t.awal, presisi := 'day')
                    else struct_pack(nilai := {{ tengah_selang("t", acuan, jenis) }}, presisi := t.presisi)
                end
            )[1]
    end
{%- endmacro -%}
