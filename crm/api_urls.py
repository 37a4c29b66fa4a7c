"""Version 1 of the API: every app's part."""

from django.urls import include, path

app_name = "api"
urlpatterns = [
    path("", include("crm.api.auth_urls")),
    path("", include("agent.api.urls")),
    path("", include("crm.analytics.api_urls")),
    path("", include("conversations.api.urls")),
    path("", include("leads.api.urls")),
    path("", include("whatsapp.api.urls")),
]
