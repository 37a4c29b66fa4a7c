"""Privacy: erasures, data handed out, reviews, retention."""

from django.urls import URLPattern, path

from crm.privacy import views
from crm.privacy.rights_urls import rights

app_name = "privacy"
urlpatterns: list[URLPattern] = [
    path("", views.overview, name="overview"),
    path("leads/<int:lead_id>/erase/", views.erase, name="erase"),
    path("leads/<int:lead_id>/consents/", views.consents, name="consents"),
    path("retention/<slug:kind>/", views.retention, name="retention"),
    *rights,
]
