{#-
    Columns of a list of codes after `gabung_daftar`: the known codes, the items as typed, ok | kosong | tak_dikenal (any
    item unknown). An empty list that was delivered is an answer: ok.
-#}
{%- macro pilih_daftar(kolom, d='d') -%}
    {%- set kode -%}
        list_filter(
            list_transform({{ d }}.{{ kolom }}, lambda x: peta_{{ kolom }}.peta[{{ kunci_kode("x") }}]), lambda x: x is not null
        )
    {%- endset -%}
    list_sort(list_distinct({{ kode }})) as {{ kolom }},
    {{ d }}.{{ kolom }} as {{ kolom }}_asli,
    case
        when {{ d }}.{{ kolom }} is null then 'kosong'
        when len({{ kode }}) = len({{ d }}.{{ kolom }}) then 'ok'
        else 'tak_dikenal'
    end as {{ kolom }}_status
{%- endmacro -%}
