{#- First day of a month that was delivered as one (`NOPEMBER 2026`, `2026-11`); NULL when it is none. -#}
{%- macro baca_bulan(teks, acuan) -%}
    list_transform(
        [{{ baca_tanggal(teks, acuan, "berlaku") }}],
        lambda d: case when d.presisi in ('day', 'month') then date_trunc('month', d.nilai)::date end
    )[1]
{%- endmacro -%}
