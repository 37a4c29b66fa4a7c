from django.urls import path

from crm.api import key_views as views

app_name = "keys"
urlpatterns = [
    path("", views.keys, name="list"),
    path("<int:key_id>/revoke/", views.revoke, name="revoke"),
    path("programs/<uuid:family_id>/end/", views.end, name="end"),
]
