{# True when a delivery of this feed ('agency/feed', or 'dtsen') was ever accepted: without one a figure is NULL, not 0. #}
{% macro feed_seen(feed) %}exists (select 1 from {{ ref('int_feed__seen') }} as s where s.feed = '{{ feed }}'){% endmacro %}
