from django.urls import path

from whatsapp.simulator import views

app_name = "simulator"
urlpatterns = [
    path("", views.phone, name="phone"),
    path("<int:session_id>/", views.phone, name="phone"),
    path("<int:session_id>/screen/", views.screen, name="screen"),
    path("<int:session_id>/say/", views.say, name="say"),
    path("<int:session_id>/control/<slug:action>/", views.control, name="control"),
]
