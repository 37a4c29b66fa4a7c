from django.contrib.auth.views import LogoutView
from django.urls import include, path

from crm.accounts import views

_namespaced = ([path("availability/", views.availability, name="availability")], "accounts")

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", include(_namespaced)),
]
