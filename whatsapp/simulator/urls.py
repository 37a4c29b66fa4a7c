from django.urls import path

from whatsapp.simulator import views

app_name = "simulator"
urlpatterns = [
    path("", views.phone, name="phone"),
    path("screen/", views.screen, name="screen"),
    path("controls/", views.controls, name="controls"),
    path("person/", views.person, name="person"),
    path("file/", views.file, name="file"),
    path("say/", views.say, name="say"),
    path("control/", views.control, name="control"),
]
