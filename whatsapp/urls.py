from django.urls import path

from whatsapp import views

app_name = "whatsapp"
urlpatterns = [
    path("", views.sessions, name="sessions"),
    path("new/", views.new, name="new"),
    path("<int:session_id>/edit/", views.edit, name="edit"),
    path("<int:session_id>/delete/", views.delete, name="delete"),
    path("<int:session_id>/connect/", views.connect, name="connect"),
    path("<int:session_id>/disconnect/", views.disconnect, name="disconnect"),
    path("<int:session_id>/logout/", views.logout, name="logout"),
    path("<int:session_id>/code/", views.code, name="code"),
]
