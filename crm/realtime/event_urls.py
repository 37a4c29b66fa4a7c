"""Beside the stream at `/events/` itself, which the ASGI server serves (crm/asgi.py)."""

from django.urls import path

from crm.realtime import presence_views

app_name = "events"
urlpatterns = [path("here/", presence_views.here, name="here")]
