"""Streams of server-sent events: served by the ASGI server only."""

from django.urls import path

from whatsapp import views

app_name = "whatsapp_events"
urlpatterns = [path("<int:session_id>/qr/", views.qr, name="qr")]
