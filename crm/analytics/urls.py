from django.urls import path

from crm.analytics import views

app_name = "analytics"
urlpatterns = [
    path("", views.team, name="team"),
    path("refresh/", views.refresh, name="refresh"),
    path("me/", views.mine, name="mine"),
    path("<slug:block>.csv", views.team_file, name="file"),
    path("me/<slug:block>.csv", views.my_file, name="my_file"),
]
