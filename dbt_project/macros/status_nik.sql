{#-
    Status of a NIK that `baca_nomor` has read (PPKKCC DDMMYY SSSS, women DD + 40, serial from 0001).
    `nomor`: the struct. `awalan`: column that is NULL when PPKKCC is a district of no edition. `kelamin`: L, P or NULL.
    `lahir`: the struct of `baca_tanggal`. Leave out the last two where the feed has neither.
    A number cell may have lost its last figure (serials 0001 to 0009 become 0000), so its serial is not judged.
    A NIK is not corrected when its date is wrong, so a conflict is evidence, not an error: the number stays.
-#}
{%- macro status_nik(nomor, awalan, kelamin=none, lahir=none) -%}
    case
        when {{ nomor }}.bentuk not in ('utuh', 'truncated_by_spreadsheet') then {{ nomor }}.bentuk
        when {{ nomor }}.angka is null then 'truncated_by_spreadsheet'
        when {{ awalan }} is null or not {{ tanggal_nik_ada(nomor ~ ".angka") }} then 'malformed'
        when {{ nomor }}.bentuk = 'truncated_by_spreadsheet' then 'truncated_by_spreadsheet'
        when ends_with({{ nomor }}.angka, '0000') then 'malformed'
        {%- if kelamin is not none %}
        when ({{ kelamin }} = 'P') <> (substr({{ nomor }}.angka, 7, 2) > '40') then 'sex_or_date_conflict'
        {%- endif %}
        {%- if lahir is not none %}
        when
            {{ lahir }}.presisi = 'day'
            and strftime({{ lahir }}.nilai, '%d%m%y') <> {{ tanggal_nik(nomor ~ ".angka") }}
            then 'sex_or_date_conflict'
        {%- endif %}
        else 'valid'
    end
{%- endmacro -%}
