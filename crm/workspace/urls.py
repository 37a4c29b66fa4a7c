from django.urls import path

from crm.workspace import views

app_name = "workspace"
urlpatterns = [
    path("palette/", views.palette, name="palette"),
    path("language/", views.language, name="language"),
    path("hint/", views.hint, name="hint"),
    path("queue/", views.queue, name="queue"),
    path("queue/again/<slug:what>/", views.queue_again, name="queue_again"),
    path("queue/<int:record_id>/again/", views.record_again, name="record_again"),
    path("queue/<int:record_id>/discard/", views.record_discard, name="record_discard"),
]
