"""Filters of the API's lists. Each refuses what it does not understand, where the library's own would let it pass."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django_filters import Filter, MultipleChoiceFilter

from crm.api.serializing import MOST_ID
from crm.core.errors import Invalid


class _MomentField(forms.CharField):
    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            # an address's + is a space
            moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        except ValueError:
            moment = None
        if moment is None or timezone.is_naive(moment):
            raise forms.ValidationError(_("Write a moment with its time zone: 2026-01-31T12:00:00Z."))
        try:
            return moment.astimezone(UTC)  # PostgreSQL does not take every offset that can be written
        except OverflowError:
            return moment.replace(tzinfo=UTC)  # at either end of the calendar: as near as can be counted


class MomentFilter(Filter):
    """`lookup_expr="gte"` and the like; a moment in ISO 8601 with its offset."""

    field_class = _MomentField


class WholeFilter(Filter):
    """A whole number, from 0 unless `min_value` says otherwise."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"min_value": 0, "max_value": MOST_ID, **kwargs})


class _YesNoField(forms.CharField):
    def clean(self, value: Any) -> bool | None:
        text = super().clean(value)
        if text not in ("", "true", "false"):
            raise forms.ValidationError(_("Write true or false."))
        return text == "true" if text else None


class YesNoFilter(Filter):
    """`true` or `false`; with a `method` of the FilterSet, or a column that is compared."""

    field_class = _YesNoField


class AnyOfFilter(MultipleChoiceFilter):
    """One of the `choices`, or several: `?status=NEW&status=LOST`."""

    always_filter = False


def filtered(queryset: Any, filters: Any, request: Any) -> Any:
    """The rows a FilterSet leaves. Raises Invalid, with a sentence for each filter that is not understood."""
    chosen = filters(data=request.query_params, queryset=queryset, request=request)
    if not chosen.is_valid():
        raise Invalid(_("Some filters are not valid."), code="invalid_filter", fields=chosen.errors)
    return chosen.qs
