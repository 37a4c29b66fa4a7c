from django.urls import path

from crm.webhooks import views
from crm.webhooks.source_urls import incoming

app_name = "webhooks"
urlpatterns = [
    path("", views.endpoints, name="list"),
    path("new/", views.new, name="new"),
    path("<int:endpoint_id>/", views.detail, name="detail"),
    path("<int:endpoint_id>/edit/", views.edit, name="edit"),
    path("<int:endpoint_id>/test/", views.test, name="test"),
    path("<int:endpoint_id>/pause/", views.pause, name="pause"),
    path("<int:endpoint_id>/resume/", views.resume, name="resume"),
    path("<int:endpoint_id>/rotate/", views.rotate, name="rotate"),
    path("<int:endpoint_id>/delete/", views.delete, name="delete"),
    path("<int:endpoint_id>/resend/", views.resend_dead, name="resend_dead"),
    path("deliveries/<uuid:delivery_id>/", views.delivery, name="delivery"),
    path("deliveries/<uuid:delivery_id>/resend/", views.resend, name="resend"),
    *incoming,
]
