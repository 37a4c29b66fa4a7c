from django.urls import path

from crm.realtime import notification_views, views

app_name = "notifications"
urlpatterns = [
    path("", views.notification_list, name="list"),
    path("read/", views.notification_read, name="read"),
    path("all/", views.notification_centre, name="centre"),
    path("visit/", views.notification_visit, name="visit"),
    path("<int:notification_id>/read/", views.notification_read_one, name="read_one"),
    path("<int:notification_id>/seen/", views.notification_seen, name="seen"),
    path("settings/", notification_views.settings_page, name="settings"),
    path("devices/", notification_views.device_list, name="devices"),
    path("devices/add/", notification_views.device_add, name="device_add"),
    path("devices/remove/", notification_views.device_remove, name="device_remove"),
]
