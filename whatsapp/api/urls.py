from django.urls import path

from whatsapp.api import sessions

urlpatterns = [
    path("sessions", sessions.SessionsView.as_view(), name="sessions"),
    path("sessions/<int:session_id>", sessions.SessionView.as_view(), name="session"),
    path("sessions/<int:session_id>/connect", sessions.ConnectView.as_view(), name="session_connect"),
    path("sessions/<int:session_id>/disconnect", sessions.DisconnectView.as_view(), name="session_disconnect"),
]
