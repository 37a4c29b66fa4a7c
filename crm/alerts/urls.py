from django.urls import path

from crm.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.alerts, name="list"),
    path("<int:alert_id>/take/", views.take, name="take"),
    path("<int:alert_id>/release/", views.release, name="release"),
    path("<int:alert_id>/note/", views.note, name="note"),
    path("<int:alert_id>/close/", views.close, name="close"),
]
