"""Signing in, and the availability switch."""

from django.conf import settings
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST

from crm.accounts.languages import remember_language
from crm.accounts.models import User
from crm.accounts.permissions import member_required
from crm.accounts.services import availability_set


class SignInView(LoginView):
    """E-mail and password; signed-in people are sent on."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        if language := form.get_user().language:
            remember_language(response, language)
        return response

    def get_context_data(self, **kwargs):
        demo = settings.DEMO_ENABLED and User.objects.filter(is_demo=True, is_active=True).order_by("role", "name")
        return super().get_context_data(**kwargs, demo_logins=demo or [], demo_password=settings.DEMO_PASSWORD)


class PasswordSetView(PasswordResetConfirmView):
    """The address a manager handed out: it sets a password once."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("login")


@member_required
@require_POST
def availability(request: HttpRequest) -> HttpResponse:
    """The top bar's switch: answers with its new state."""
    available = request.POST.get("available") == "1"
    availability_set(user_id=request.user.pk, available=available)
    request.user.available = available
    if not request.htmx:
        return redirect("leads:board")
    return render(request, "accounts/_availability.html")
