"""What a manager enters of an outgoing webhook; the services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.webhooks.models import Event

GROUPS = (("lead", _("Leads")), ("message", _("Messages")), ("conversation", _("Conversations")))


def events_grouped() -> list[tuple[object, list[Event]]]:
    return [(title, [event for event in Event if event.value.startswith(f"{code}.")]) for code, title in GROUPS]


class EndpointForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("The system that is told, such as the ERP."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("A public address that begins with https://."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://example.com/livia"}),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("What it is told of"), choices=Event.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip
