"""Version 1: tokens, and who asks."""

from django.urls import path

from crm.api import token_views as views

urlpatterns = [
    path("auth/token", views.TokenView.as_view(), name="token"),
    path("auth/refresh", views.RefreshView.as_view(), name="token_refresh"),
    path("auth/logout", views.SignOutView.as_view(), name="sign_out"),
    path("auth/logout-everywhere", views.SignOutEverywhereView.as_view(), name="sign_out_everywhere"),
    path("auth/sessions", views.SignInsView.as_view(), name="sign_ins"),
    path("auth/sessions/<uuid:family_id>", views.SignInView.as_view(), name="sign_in"),
    path("me", views.MeView.as_view(), name="me"),
]
