"""A number as a manager describes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.models import InboxRole
from whatsapp.creation import MAX_NAME, gateway_default
from whatsapp.gateways.registry import available
from whatsapp.models import Session
from whatsapp.selectors import owners_possible
from whatsapp.states import Gateway

_OWNER_HELP = _("Leave it empty for a number all consultants share.")


class NewNumberForm(forms.Form):
    """The owner only counts on a number of the consultants."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME, help_text=_("As your team calls it."))
    role = forms.ChoiceField(label=_("Who answers"), choices=InboxRole.choices, initial=InboxRole.LIVIA)
    owner = forms.ModelChoiceField(
        label=_("Consultant"),
        queryset=None,
        required=False,
        empty_label=_("Shared by all"),
        help_text=_OWNER_HELP,
    )
    gateway = forms.ChoiceField(label=_("Connection"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners_possible()
        usable = available()
        if len(usable) > 1:
            self.fields["gateway"].choices = [choice for choice in Gateway.choices if choice[0] in usable]
            self.fields["gateway"].initial = gateway_default()
        else:
            del self.fields["gateway"]

    def values(self) -> dict[str, Any]:
        """What `session_create` takes."""
        data = self.cleaned_data
        owner = data["owner"] if data["role"] == InboxRole.CONSULTANTS else None
        return {
            "name": data["name"],
            "role": data["role"],
            "owner_id": owner.pk if owner else None,
            "gateway": data.get("gateway", ""),
        }


class EditNumberForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=MAX_NAME, help_text=_("As your team calls it."))
    owner = forms.ModelChoiceField(
        label=_("Consultant"), queryset=None, required=False, empty_label=_("Shared by all"), help_text=_OWNER_HELP
    )
    livia_enabled = forms.BooleanField(label=_("Lívia answers here"), required=False)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        inbox = session.inbox
        initial = {"name": inbox.name, "owner": inbox.owner, "livia_enabled": inbox.livia_enabled}
        super().__init__(*args, initial=initial, **kwargs)
        if inbox.role == InboxRole.CONSULTANTS:
            self.fields["owner"].queryset = owners_possible(besides=inbox.owner_id)
        else:
            del self.fields["owner"]

    def values(self) -> dict[str, Any]:
        """What `session_edit` takes."""
        data = self.cleaned_data
        owner = data.get("owner")
        return {
            "name": data["name"],
            "owner_id": owner.pk if owner else None,
            "livia_enabled": data["livia_enabled"],
        }
