"""What people type around their own access."""

from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.accounts.factors import factor_check, factor_on
from crm.accounts.models import User
from crm.accounts.signing_in import password_fits

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input code", "maxlength": "20"}
_MOST = 4096  # letters of a password anybody would have hashed


def _password(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=_MOST, widget=widget)


class _Code(forms.PasswordInput):
    """Readable, but as a password never shown again: a code that was refused is in the way of the next one."""

    input_type = "text"


def _code(label: Any, help_text: Any = "", **attrs: Any) -> forms.CharField:
    widget = _Code(attrs={**_CODE, **attrs})
    return forms.CharField(label=label, max_length=20, help_text=help_text, widget=widget)


class CodeForm(forms.Form):
    """The second step of signing in."""

    code = _code(_("Code"), autofocus=True)


class PersonForm(forms.Form):
    """A form of a signed-in person who shows that it is still them: by password, and code where there is one."""

    password = _password(_("Your password"), "current-password")
    current = _code(_("Current code"), _("From the app you use now, or a backup code."))

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(request.POST if request.method == "POST" else None, *args, **kwargs)
        self.request, self.user = request, user
        if not factor_on(user):
            del self.fields["current"]

    def proves(self) -> bool:
        """Whether password and code are right. Asked last, since it uses the code up."""
        if not password_fits(self.request, self.user, self.cleaned_data["password"]):
            self.add_error("password", _("This is not your password."))
        elif "current" in self.fields and not factor_check(self.user, self.cleaned_data["current"], self.request):
            self.add_error("current", WRONG_CODE)
        return not self.errors


class FactorForm(PersonForm):
    """Another app, or the first one."""

    code = _code(_("Code of the app"), _("The six digits it shows for Lívia CRM."))
    field_order = ("password", "current", "code")

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, user, *args, **kwargs)
        if "current" in self.fields:
            self.fields["code"].label = _("Code on the new phone")


class FirstFactorForm(forms.Form):
    """The first app of somebody who has just given their password."""

    code = FactorForm.base_fields["code"]


class PasswordForm(forms.Form):
    """Another password, by whoever knows the one until now."""

    old = _password(_("Current password"), "current-password")
    new = _password(_("New password"), "new-password")
    again = _password(_("New password again"), "new-password")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request.POST if request.method == "POST" else None, *args, **kwargs)
        self.request = request

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, cast(User, self.request.user))
        return new

    def clean(self) -> None:
        data = self.cleaned_data
        if "new" in data and "again" in data and data["new"] != data["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        if not self.errors and not password_fits(self.request, cast(User, self.request.user), data["old"]):
            self.add_error("old", _("This is not your password."))


WRONG_CODE = _("This code is not right, or was used already. Wait for the next one.")
