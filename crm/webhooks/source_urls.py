"""Addresses of the pages of incoming webhooks; part of crm.webhooks.urls."""

from django.urls import path

from crm.webhooks import source_views

incoming = [
    path("in/", source_views.sources, name="in_list"),
    path("in/new/", source_views.source_new, name="source_new"),
    path("in/<int:source_id>/", source_views.source, name="source"),
    path("in/<int:source_id>/mapping/", source_views.mapping, name="source_mapping"),
    path("in/<int:source_id>/preview/", source_views.preview, name="source_preview"),
    path("in/<int:source_id>/arrivals/", source_views.arrivals, name="source_arrivals"),
    path("in/<int:source_id>/key/", source_views.rekey, name="source_key"),
    path("in/<int:source_id>/signing/", source_views.sign, name="source_signing"),
    path("in/<int:source_id>/pause/", source_views.pause, name="source_pause"),
    path("in/<int:source_id>/delete/", source_views.delete, name="source_delete"),
    path("in/arrivals/<int:arrival_id>/again/", source_views.again, name="arrival_again"),
]
