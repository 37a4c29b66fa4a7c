"""What a manager chooses of an example: for each value in it, which of our fields it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from crm.core.templatetags import ui
from crm.core.text import clean_line
from crm.webhooks.mapping import CENTS, KNOWN, Reading, read, worded
from crm.webhooks.paths import CONSTANT, MOST_PATHS, paths_of, read_json, tidy
from leads.imports.fields import AMOUNTS, FIELDS
from leads.models import Product

CONSTANTS = ("product", "utm_source")  # what may be the same for all that a source sends
_MOST_TEXT = 2_000_000  # more than any body that is taken
_MOST_LAID_OUT = 50_000
_SHOWN = 80


@dataclass(frozen=True)
class Row:
    """A place with what stands there in the example, and what it was chosen to be."""

    path: str
    value: str
    chosen: str


@dataclass(frozen=True)
class Mapped:
    """A form as it was sent."""

    mapping: dict[str, str]
    id_path: str


def example_of(text: str) -> Any:
    """A body as a person pastes it: JSON, or the fields of a form (`a=1&b=2`). Raises Invalid."""
    text = text.strip()
    if len(text) > _MOST_TEXT:
        raise Invalid(_("This example is too long."), fields={"example": _("This example is too long.")})
    if text[:1] in ("{", "["):
        return read_json(text)
    if "=" not in text:
        raise Invalid(_("Paste JSON, or fields such as name=Maria&phone=11998123340."), code="example")
    return tidy({name: values[-1] for name, values in QueryDict(text).lists()})


def example_text(body: Any) -> str:
    text = json.dumps(body, ensure_ascii=False)
    return text if len(text) > _MOST_LAID_OUT else json.dumps(body, ensure_ascii=False, indent=2)


def rows_of(body: Any, mapping: Mapping[str, str]) -> list[Row]:
    """Every value of the example, and below the places that are mapped but not in it."""
    chosen = {_place(place): _option(name, place) for name, place in mapping.items()}
    rows = [Row(path, _short(value), chosen.pop(path, "")) for path, value in paths_of(body)]
    return rows + [Row(path, "", option) for path, option in chosen.items() if not path.startswith(CONSTANT)]


def _place(place: str) -> str:
    return place.removesuffix(CENTS)


def _option(name: str, place: str) -> str:
    return f"{name}{CENTS}" if name in AMOUNTS and place.endswith(CENTS) else name


def _short(value: Any) -> str:
    text = "" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)
    text = clean_line(text, limit=_SHOWN + 1)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def constants_of(mapping: Mapping[str, str]) -> dict[str, str]:
    return {name: mapping.get(name, "")[1:] for name in CONSTANTS if mapping.get(name, "").startswith(CONSTANT)}


def mapped(given: QueryDict) -> Mapped:
    """Raises Invalid where a field is chosen twice."""
    paths, options = tidy(given.getlist("path")), given.getlist("field")
    if len(paths) != len(options) or len(paths) > MOST_PATHS + len(KNOWN):
        raise Invalid(_("The request could not be understood."))
    mapping: dict[str, str] = {}
    for path, option in zip(paths, options, strict=True):
        name = option.removesuffix(CENTS)
        if name and name in mapping:
            told = _("%(field)s is chosen twice.") % {"field": label_of(name)}
            raise Invalid(told, fields={name: told})
        if name:
            mapping[name] = path + option[len(name) :]
    for name in CONSTANTS:
        if (text := clean_line(given.get(f"constant_{name}", ""), limit=100)) and name not in mapping:
            mapping[name] = CONSTANT + text
    return Mapped(mapping, tidy(given.get("id_path", "")))


def label_of(name: str) -> str:
    return str(FIELDS[name].label).replace(" (R$)", "") if name in FIELDS else name


@dataclass(frozen=True)
class Preview:
    """The lead an example would make: labels with values, and with what is wrong."""

    lines: list[tuple[str, str]]
    wrong: list[tuple[str, str]]
    refused: bool


def preview_of(body: Any, mapping: Mapping[str, str]) -> Preview:
    reading = read(body, mapping)
    return Preview(list(_lines(reading)), labelled(reading.errors), reading.refused)


def labelled(errors: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(label_of(name), sentence) for name, sentence in worded(errors).items()]


def _lines(reading: Reading) -> list[tuple[str, str]]:
    known = {**reading.values, **reading.tracking}
    lines = [(label_of(name), _shown(name, known[name])) for name in KNOWN if name in known]
    if reading.consent:
        lines.append((str(_("Consent to WhatsApp")), str(_("yes"))))
    return lines


def _shown(name: str, value: Any) -> str:
    if name in AMOUNTS:
        return str(ui.cents(value))
    return str(Product(value).label) if name == "product" else str(value)
