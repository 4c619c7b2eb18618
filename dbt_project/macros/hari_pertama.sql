{#- First day that the parts `b` of a date allow; NULL for a day that does not exist, an unknown month name, a day without month. -#}
{%- macro hari_pertama(b, tahun) -%}
    case
        when {{ b }}.bulan is null and ({{ b }}.bernama or {{ b }}.hari is not null) then null
        else try_cast({{ tahun }} || '-' || coalesce({{ b }}.bulan, 1) || '-' || coalesce({{ b }}.hari, 1) as date)
    end
{%- endmacro -%}
