from django.urls import path

from crm.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.exports, name="list"),
    path("new/", views.new, name="new"),
    path("<int:export_id>/download/", views.download, name="download"),
    path("<int:export_id>/drop/", views.drop, name="drop"),
]
