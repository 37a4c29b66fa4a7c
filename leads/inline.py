"""A lead's data, field by field: how each is typed, and how it is written without undoing what another person wrote."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.errors import Conflict, NotFound
from crm.core.phones import phone_identity
from crm.core.work import service
from leads.actors import Actor
from leads.fields import EDITED, LABELS, worded
from leads.forms import CentsFormField, LineField, PhoneField
from leads.models import Interaction, InteractionKind, Lead, Product
from leads.selectors import lead_get, leads_visible_to
from leads.services import lead_lock, lead_of_phone, lead_update
from leads.words import OCCUPATIONS, PURPOSES

UFS = "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split()


class FieldChanged(Conflict):
    """Somebody else wrote the field since its editor was opened; `theirs` is what stands there now."""

    default_code = "field_changed"

    def __init__(self, theirs: Any) -> None:
        super().__init__(_("Somebody changed this field meanwhile."))
        self.theirs = theirs


@dataclass(frozen=True)
class Row:
    """A field as the page shows it."""

    lead_id: int
    name: str
    label: str
    shown: str

    @property
    def is_strong(self) -> bool:
        return self.name == "credit_amount"


def row_of(lead: Lead, name: str) -> Row:
    """Raises NotFound for what is no field that is edited by hand."""
    if name not in EDITED:
        raise NotFound
    return Row(lead.pk, name, str(LABELS[name]), worded(name, getattr(lead, name)))


def rows_of(lead: Lead, names: tuple[str, ...]) -> list[Row]:
    return [row_of(lead, name) for name in names]


def plain(value: Any) -> str:
    """A stored value as text, by which an editor knows later what it was opened with."""
    return "" if value is None else str(value)


def field_form(lead: Lead, name: str, data: Any = None) -> forms.Form:
    """A form of the one field `value`."""
    form = forms.Form(data, initial={"value": getattr(lead, name)}, auto_id=f"edit-{lead.pk}-{name}-%s")
    field = _input(lead, name)
    field.label = LABELS[name]
    field.widget.attrs.pop("maxlength", None)  # a browser would cut what is pasted without a word
    field.widget.attrs |= {"class": "input", "data-field": name, "autocomplete": "off"}
    form.fields["value"] = field
    return form


def _input(lead: Lead, name: str) -> forms.Field:
    if name in ("credit_amount", "monthly_income", "property_value", "vehicle_value", "down_payment"):
        field = CentsFormField()
        field.widget.attrs["data-money"] = ""
        return field
    if name == "phone":
        return PhoneField(required=False)
    if name == "email":
        return forms.EmailField(required=False, max_length=254)
    if name == "term_months":
        return forms.IntegerField(required=False, min_value=1, max_value=480)
    if name in _CHOICES:
        return forms.ChoiceField(required=False, choices=_choices(name, getattr(lead, name)))
    return LineField(required=name == "name", max_length={"name": 200}.get(name, 80))


_CHOICES: dict[str, list[tuple[str, Any]]] = {
    "product": list(Product.choices),
    "occupation": list(OCCUPATIONS.items()),
    "purpose": list(PURPOSES.items()),
    "uf": [(uf, uf) for uf in UFS],
}


def _choices(name: str, current: str) -> list[tuple[str, Any]]:
    """What a client said in words of their own can be kept."""
    known = _CHOICES[name]
    own = [(current, current)] if current and current not in dict(known) else []
    return [("", _("Not known")), *known, *own]


@service
def field_set(*, lead_id: int, name: str, value: Any, was: str, actor: Actor) -> Lead:
    """Write one field. Raises FieldChanged if it is no longer what it was (`was`, see `plain`), and what lead_update
    raises."""
    if name == "phone" and value:
        lead_of_phone(phone_identity(value))  # a phone is held before any lead
    lead = lead_lock(lead_id)
    current = getattr(lead, name)
    if plain(current) != was and plain(current) != plain(value):
        raise FieldChanged(current)
    return lead_update(lead_id=lead_id, values={name: value}, actor=actor)


def last_change(lead: Lead, name: str) -> Interaction | None:
    """Who wrote a field last."""
    changes = Interaction.objects.filter(lead=lead, kind=InteractionKind.UPDATED, data__changes__has_key=name)
    return changes.select_related("actor").order_by("-pk").first()


def lead_with_phone(user: User, phone: str) -> tuple[Lead | None, bool]:
    """The lead that has this phone if the person may see it; and whether there is one at all."""
    rows = Lead.objects.exclude(phone_key="").filter(phone_key=phone_identity(phone))
    row = rows.values_list("pk", "merged_into_id").first()
    if row is None:
        return None, False
    stays = row[1] or row[0]
    return (lead_get(user, stays) if leads_visible_to(user).filter(pk=stays).exists() else None), True
