"""Addresses that other systems call."""

from django.urls import path

from crm.webhooks.arrival_views import ArrivalView

app_name = "hooks"
urlpatterns = [
    path("leads/<slug:prefix>", ArrivalView.as_view(), name="leads"),
    path("leads/<slug:prefix>/<slug:key>", ArrivalView.as_view(), name="leads_keyed"),
]
