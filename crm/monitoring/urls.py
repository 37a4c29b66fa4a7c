from django.urls import URLPattern, path

from crm.monitoring import report_views, views

app_name = "monitoring"
urlpatterns: list[URLPattern] = [
    path("", views.health, name="health"),
    path("reports/", report_views.reports, name="reports"),
    path("reports/file/", report_views.reports_file, name="reports_file"),
    path("reports/<int:report_id>/", report_views.report, name="report"),
]
