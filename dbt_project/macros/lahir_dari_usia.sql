{#- Birth date by an age in whole years on the day `acuan`: the middle of the year it allows; none for an age over 120. -#}
{%- macro lahir_dari_usia(usia, acuan) -%}
    case
        when {{ usia }} between 0 and 120
            then
                struct_pack(
                    nilai := ({{ acuan }} - to_years({{ usia }}::integer) - to_months(6))::date,
                    presisi := 'age'
                )
        else struct_pack(nilai := null::date, presisi := 'none')
    end
{%- endmacro -%}
