from django.urls import path

from crm.summary import views

app_name = "weekly"
urlpatterns = [
    path("", views.preview, name="preview"),
    path("mail/", views.mail, name="mail"),
    path("send/", views.send, name="send"),
]
