"""What another system sends becomes values of a lead: our fields, each with the place its value comes from.

Words, money and phones are read as those of an imported list are (leads.imports.cleaning), so that both understand the
same. Nothing that is not mapped reaches a lead.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from crm.core.text import clean_line
from crm.webhooks.paths import CONSTANT, LONGEST, find, paths_of, steps_of
from leads.imports.cleaning import SENTENCES, row_clean
from leads.imports.fields import AMOUNTS, FIELDS, likeness, words_of
from leads.models import MAX_CENTS
from leads.tracking import KEYS, tracking_from

CENTS = "|cents"
REQUIRED = ("phone",)
_PLAIN = tuple(name for name in KEYS if name not in FIELDS)  # taken as they stand: referrer, gclid, …
KNOWN = (*FIELDS, *_PLAIN)
_SAID = ("consent", "consented_on")
_SENTENCES = {
    **SENTENCES,
    "phone_missing": _("There is no phone."),
    "phone_unmatched": _("No field is matched with the phone yet."),
    "shape": _("This is not a single value."),
}


def choices() -> list[tuple[str, Any]]:
    """Our fields as a person chooses them; money once in reais, once in cents."""
    found: list[tuple[str, Any]] = []
    for name, known in FIELDS.items():
        found.append((name, known.label))
        if name in AMOUNTS:
            found.append((f"{name}{CENTS}", _("%(field)s, sent in cents") % {"field": _without_unit(known.label)}))
    return [*found, *((name, name) for name in _PLAIN)]


def _without_unit(label: Any) -> str:
    return str(label).replace(" (R$)", "")


@dataclass
class Reading:
    """`values`, `tracking` and `consent` go into a lead; `errors` are codes by field (see `worded`)."""

    values: dict[str, Any] = field(default_factory=dict)
    tracking: dict[str, str] = field(default_factory=dict)
    consent: bool = False
    consented_on: Any = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Without these it is no lead; what else cannot be read is left out, and said."""
        return any(name in self.errors for name in REQUIRED)


def mapping_clean(mapping: Mapping[str, str]) -> dict[str, str]:
    """Raises Invalid, with the field, for what we do not have and for what is no place."""
    for name, place in mapping.items():
        if name not in KNOWN:
            raise Invalid(_("There is no field of this name."), fields={clean_line(name, limit=40): _("Unknown.")})
        try:
            _check(name, place)
        except Invalid as error:
            raise Invalid(error.message, fields={name: error.message}) from error
    return dict(mapping)


def _check(name: str, place: str) -> None:
    if len(place) > LONGEST:
        raise Invalid(_("This place is too long."))
    if not place.startswith(CONSTANT):
        steps_of(_place(name, place)[0])
    elif name in _SAID:
        raise Invalid(_("A consent is what the client said: it cannot be the same for everybody."))


def _place(name: str, place: str) -> tuple[str, bool]:
    """Where a field's value stands, and whether it is sent in cents."""
    in_cents = name in AMOUNTS and place.endswith(CENTS)
    return (place.removesuffix(CENTS), True) if in_cents else (place, False)


def read(body: Any, mapping: Mapping[str, str]) -> Reading:
    """Nothing here raises, whatever the body holds."""
    found = {name: _cell(body, *_place(name, place)) for name, place in mapping.items()}
    crooked = {name for name, cell in found.items() if isinstance(cell, dict)}
    cells = {name: cell for name, cell in found.items() if name in FIELDS and name not in crooked}
    if "phone" not in crooked:
        cells.setdefault("phone", None)
    names = list(cells)
    cleaned = row_clean([0, *cells.values()], {str(n): name for n, name in enumerate(names)}, names)
    unmatched = {} if "phone" in mapping else {"phone": "phone_unmatched"}
    tracking = {name: found[name] for name in _PLAIN if isinstance(found.get(name), str)}
    return Reading(
        values={name: value for name, value in cleaned.values.items() if name != "phone_key" and value},
        tracking={**cleaned.tracking, **tracking_from(tracking)},
        consent=bool(cleaned.consent),
        consented_on=cleaned.consented_on,
        errors={**cleaned.errors, **unmatched, **dict.fromkeys(crooked, "shape")},
    )


def _cell(body: Any, place: str, in_cents: bool) -> Any:
    value = find(body, place)
    if isinstance(value, bool):
        return "sim" if value else "nao"
    if in_cents and isinstance(value, str) and re.fullmatch(r"\s*\d{1,15}\s*", value):
        value = int(value)
    if in_cents and isinstance(value, int | float) and abs(value) <= MAX_CENTS:
        return value / 100
    return value


def worded(errors: Mapping[str, str]) -> dict[str, str]:
    """By field the sentence that says what is wrong with it."""
    return {name: str(_SENTENCES.get(code, code)) for name, code in errors.items()}


def guess(body: Any) -> dict[str, str]:
    """For each of our fields the place whose name is most like it."""
    best: dict[str, tuple[int, str]] = {}
    for path, _value in paths_of(body):
        words = list(_words(path))
        for name, known in FIELDS.items():
            score = max((likeness(known, each) for each in words), default=0)
            if score > best.get(name, (0, ""))[0]:
                best[name] = (score, path)
    taken: dict[str, str] = {}
    for name, (_score, path) in sorted(best.items(), key=lambda item: -item[1][0]):
        if path not in taken.values():
            taken[name] = path
    return taken


def _words(path: str) -> Iterator[str]:
    """What the last named step says of itself."""
    for step in reversed(steps_of(path)):
        name = step[1] if isinstance(step, tuple) else step
        if not name.isdecimal() and name not in ("value", "values"):
            yield words_of(name)
            return
