"""What a person says when they make a key."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.accounts.signing_in import password_fits
from crm.api.scopes import Scope

_DAYS = 365  # unless said otherwise
_MOST_DAYS = 3653
_MANAGERS = {Scope.SESSIONS_READ, Scope.SESSIONS_WRITE}


class KeyForm(forms.Form):
    """A new key. It outlives the session it is made in, so that making one takes the password."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("Website, spreadsheet, …")}),
    )
    ends = forms.DateField(
        label=_("Good until (optional)"),
        required=False,
        help_text=_("Without a day it is good until you revoke it."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose at least one.")}
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends"].initial = timezone.localdate() + timedelta(days=_DAYS)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in Scope.choices if user.is_manager or value not in _MANAGERS
        ]

    def clean_ends(self) -> datetime | None:
        """The end of that day here."""
        day, today = self.cleaned_data["ends"], timezone.localdate()
        if day is None:
            return None
        if not today <= day <= today + timedelta(days=_MOST_DAYS):
            raise forms.ValidationError(_("Choose a day within the next ten years."))
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))

    def proves(self, request: HttpRequest, user: User) -> bool:
        """Whether the password is right. Asked last: a wrong one counts towards the lock."""
        if password_fits(request, user, self.cleaned_data["password"]):
            return True
        self.add_error("password", _("This is not your password."))
        return False
