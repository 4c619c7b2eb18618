{#- Status of a family card number: valid | missing | placeholder | malformed | truncated_by_spreadsheet. -#}
{%- macro status_kk(nomor) -%}
    case when {{ nomor }}.bentuk = 'utuh' then 'valid' else {{ nomor }}.bentuk end
{%- endmacro -%}
