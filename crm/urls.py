"""Every address of the product."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from crm import views
from crm.api import docs_views
from crm.monitoring.scrape import metrics

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("crm.accounts.urls")),
    path("", include("crm.realtime.pwa_urls")),
    path("", include("leads.urls")),
    path("", include("crm.workspace.urls")),
    path("", include("agent.urls")),
    path("api/", include("leads.api_urls")),
    path("api/v1/", include("crm.api_urls")),
    path("api/docs", docs_views.docs, name="api_docs"),
    path("api/schema", docs_views.schema, name="api_schema"),
    path("account/keys/", include("crm.api.urls")),
    path("alerts/", include("crm.alerts.urls")),
    path("alerts/weekly/", include("crm.summary.urls")),
    path("analytics/", include("crm.analytics.urls")),
    path("conversations/", include("conversations.urls")),
    path("imports/", include("leads.imports.urls")),
    path("metrics", metrics, name="metrics"),
    path("monitoring/", include("crm.monitoring.urls")),
    path("notifications/", include("crm.realtime.urls")),
    path("privacy/", include("crm.privacy.urls")),
    path("whatsapp/", include("whatsapp.urls")),
    path("exports/", include("crm.exports.urls")),
    path("webhooks/", include("crm.webhooks.urls")),
    path("hooks/", include("crm.webhooks.hook_urls")),
    path("events/whatsapp/", include("whatsapp.event_urls")),
    path("events/", include("crm.realtime.event_urls")),
    path("health/", include("crm.health")),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
]
if settings.SIMULATOR_ENABLED:
    urlpatterns.append(path("simulator/", include("whatsapp.simulator.urls")))

handler400 = "crm.views.bad_request"
handler403 = "crm.views.forbidden"
handler404 = "crm.views.not_found"
handler500 = "crm.views.server_error"
