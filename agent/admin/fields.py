"""Fields of the admin's forms: percents, money and weeks as people write them."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.dates import WEEKDAYS
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from unfold.widgets import INPUT_CLASSES, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from leads.forms import CentsFormField

# A version is saved once: no "and add another", no "and continue editing".
ONE_BUTTON = {"show_save_and_add_another": False, "show_save_and_continue": False}


class PercentField(forms.CharField):
    """A percent as a person writes it ("1,19", "1,19 %"); cleans to a fraction or None. `most` is in percent."""

    def __init__(self, *, most: int = 100, places: int = 6, **kwargs: Any) -> None:
        self.most, self.places = Decimal(most), places
        widget = UnfoldAdminTextInputWidget({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"required": False, "max_length": 20, "widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{(value * 100).normalize():f}".replace(".", ",")
        return value

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value).replace("%", "").strip()
        if not text:
            return None
        try:
            percent = Decimal(text.replace(",", "."))
        except InvalidOperation as error:
            raise forms.ValidationError(_("Write a percentage such as 1,19.")) from error
        if not percent.is_finite() or not 0 <= percent <= self.most:
            raise forms.ValidationError(_("Between 0 %% and %(most)s %%.") % {"most": self.most})
        if -int(percent.normalize().as_tuple().exponent) > self.places:
            raise forms.ValidationError(_("At most %(n)s decimals.") % {"n": self.places})
        return percent / 100


class MoneyField(CentsFormField):
    """Reais in the admin's look."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": UnfoldAdminTextInputWidget(), **kwargs})


class WeekWidget(forms.Widget):
    """A row a day, each with two spans."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        days = [(label, self._spans(name, day, value)) for day, label in WEEKDAYS.items()]
        context = {"days": days, "css": " ".join(INPUT_CLASSES)}
        return render_to_string("agent/widgets/week.html", context)

    def _spans(self, name: str, day: int, value: Any) -> list[list[tuple[str, str]]]:
        """(field name, time) of both ends of both spans."""
        kept = list((value or {}).get(str(day), [])) + [["", ""], ["", ""]]
        return [[(f"{name}-{day}-{row}-{end}", kept[row][end]) for end in (0, 1)] for row in (0, 1)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, list[list[str]]]:
        def span(day: int, row: int) -> list[str]:
            return [str(data.get(f"{name}-{day}-{row}-{end}", "")).strip()[:5] for end in (0, 1)]

        return {str(day): [span(day, row) for row in (0, 1)] for day in range(7)}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-0-0-0" not in data

    def id_for_label(self, id_: str) -> str:
        return ""


class WeekField(forms.Field):
    """Opening hours; cleans to {"0": [["09:00", "18:00"]]} with Monday first, days that are closed left out."""

    widget = WeekWidget

    def clean(self, value: Any) -> dict[str, list[list[str]]]:
        week = {}
        for day, spans in (value or {}).items():
            filled = [span for span in spans if any(span)]
            if problem := _spans_problem(filled):
                raise forms.ValidationError(f"{WEEKDAYS[int(day)]}: {problem}")
            if filled:
                week[day] = filled
        return week

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


def _spans_problem(spans: list[list[str]]) -> str:
    times = [time for span in spans for time in span]
    if not all(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", time) for time in times):
        return _("write both times, such as 09:00 and 18:00.")
    return "" if times == sorted(set(times)) else _("each time must be later than the one before.")


class DatesField(forms.CharField):
    """Dates, one a line, as people write them; cleans to sorted ISO dates."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "widget": UnfoldAdminTextareaWidget({"rows": 4}), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(date.fromisoformat(day).strftime("%d/%m/%Y") for day in value)
        return value

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return sorted({_date_of(line).isoformat() for line in lines})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data


def _date_of(text: str) -> date:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise forms.ValidationError(_("%(text)s is no date. Write 24/12/2026.") % {"text": text})
