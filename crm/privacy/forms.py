"""What people type about privacy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from crm.core.text import clean_text
from leads.consents import TEXT
from leads.models import Lead, Purpose


class ConsentForm(forms.Form):
    """What a client said to a person: by phone, at the desk, on paper."""

    purpose = forms.ChoiceField(label=_("About"), choices=Purpose.choices)
    given = forms.TypedChoiceField(
        label=_("The client"),
        choices=[("yes", _("agrees")), ("no", _("takes it back"))],
        coerce=lambda value: value == "yes",
    )
    text = forms.CharField(
        label=_("What was said, and how"), max_length=TEXT, widget=forms.Textarea({"rows": 2, "maxlength": TEXT})
    )
    at = forms.DateTimeField(
        label=_("When"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )  # fmt: skip

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"], limit=TEXT).strip()

    def clean_at(self) -> Any:
        at = self.cleaned_data.get("at")
        if at and at > now():
            raise forms.ValidationError(_("Choose a time that has passed."))
        return at


def erasure_confirmed(lead: Lead, said: str) -> bool:
    """Whether somebody typed the lead's number, or its client's name."""
    wanted = {f"{lead.pk}", f"#{lead.pk}", *([_plain(lead.name)] if lead.name else [])}
    return _plain(said) in wanted


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
