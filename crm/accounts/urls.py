from django.contrib.auth.views import LogoutView
from django.urls import include, path

from crm.accounts import account_views, views

_own = [
    path("", account_views.account, name="account"),
    path("availability/", views.availability, name="availability"),
    path("everywhere/", account_views.everywhere, name="everywhere"),
    path("second-factor/", account_views.factor, name="factor"),
    path("second-factor/codes/", account_views.factor_codes, name="factor_codes"),
    path("second-factor/off/", account_views.factor_off, name="factor_off"),
    path("password/<uidb64>/<token>/", views.PasswordSetView.as_view(), name="password_set"),
]
_namespaced = (_own, "accounts")

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="login"),
    path("login/code/", views.code, name="login_code"),
    path("login/second-factor/", views.first_factor, name="login_factor"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", include(_namespaced)),
]
