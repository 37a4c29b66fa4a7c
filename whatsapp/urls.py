from django.urls import path

from whatsapp import views

app_name = "whatsapp"
urlpatterns = [
    path("", views.sessions, name="sessions"),
    path("<int:session_id>/connect/", views.connect, name="connect"),
    path("<int:session_id>/disconnect/", views.disconnect, name="disconnect"),
    path("<int:session_id>/logout/", views.logout, name="logout"),
    path("<int:session_id>/code/", views.code, name="code"),
    path("<int:session_id>/qr.svg", views.qr, name="qr"),
]
