"""Signing in in two steps, setting a password, and the availability switch."""

from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from crm.accounts.factor_pages import codes_page, form_page, key_forget, key_of_session, qr_of
from crm.accounts.factors import factor_check, factor_confirm, factor_on
from crm.accounts.forms import WRONG_CODE, CodeForm, FirstFactorForm
from crm.accounts.models import User
from crm.accounts.permissions import member_required
from crm.accounts.services import availability_set, password_changed
from crm.accounts.signing_in import (
    guess_counted,
    sign_in_begin,
    sign_in_counted,
    sign_in_finish,
    sign_in_leads_to,
    signing_in,
)


class SignInView(LoginView):
    """E-mail and password; signed-in people are sent on."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sign_in_counted(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        return sign_in_begin(self.request, form.get_user(), self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demo = settings.DEMO_ENABLED and User.objects.filter(is_demo=True, is_active=True).order_by("role", "name")
        return super().get_context_data(**kwargs, demo_logins=demo or [], demo_password=settings.DEMO_PASSWORD)


@never_cache
@csrf_protect
@sensitive_post_parameters()
def code(request: HttpRequest) -> HttpResponse:
    """The second step: the code of the app, or a backup code."""
    user = signing_in(request)
    if user is None or not factor_on(user):
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        sign_in_counted(request)
        if form.is_valid() and factor_check(user, form.cleaned_data["code"], request):
            return sign_in_finish(request, user)
        if form.is_valid():
            form.add_error("code", WRONG_CODE)
    return form_page(request, "accounts/code.html", form)


@never_cache
@csrf_protect
@sensitive_post_parameters()
def first_factor(request: HttpRequest) -> HttpResponse:
    """The second step of somebody who must have a second factor and has none: they make one, and are signed in."""
    user = signing_in(request)
    if user is None or factor_on(user):
        return redirect("login")
    form, key = FirstFactorForm(request.POST or None), key_of_session(request)
    if request.method == "POST":
        sign_in_counted(request)
        if form.is_valid():
            if codes := factor_confirm(user=user, key=key, code=form.cleaned_data["code"], request=request):
                leads_to = sign_in_leads_to(request)
                key_forget(request)
                sign_in_finish(request, User.objects.get(pk=user.pk))
                return codes_page(request, codes, leads_to)
            form.add_error("code", WRONG_CODE)
    return form_page(request, "accounts/factor.html", form, first=True, **qr_of(user, key))


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasswordSetView(PasswordResetConfirmView):
    """The address a manager handed out: it sets a password once."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("login")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":  # also with an address that does not work
            sign_in_counted(request)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        password_changed(user=cast(User, self.user), by=None, request=self.request)
        return response


def admin_login(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Where the admin sends who may not enter: to the one sign-in page, counted, since nobody comes here but by
    guessing. Who is signed in and no manager finds nothing."""
    if getattr(request.user, "is_staff", False):
        return redirect("admin:index")
    if request.user.is_authenticated:
        raise Http404
    guess_counted(request)
    leads_to = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('login')}?next={quote(leads_to)}")


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
