from django.contrib.auth.views import LogoutView
from django.urls import include, path

from crm.accounts import views

_own = [
    path("availability/", views.availability, name="availability"),
    path("password/<uidb64>/<token>/", views.PasswordSetView.as_view(), name="password_set"),
]
_namespaced = (_own, "accounts")

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", include(_namespaced)),
]
