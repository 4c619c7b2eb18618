{# Text for cakupan_sumber: those of the named feeds that were ever accepted, in alphabetical order. #}
{% macro feeds_seen(feeds) %}
(
    select coalesce(string_agg(s.feed, ', ' order by s.feed), '')
    from {{ ref('int_feed__seen') }} as s
    where s.feed in ({% for feed in feeds %}'{{ feed }}'{{ ', ' if not loop.last }}{% endfor %})
)
{% endmacro %}
