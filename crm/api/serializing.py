"""What bodies of version 1 are read and written with: unknown fields are refused, moments are UTC, money is cents."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from crm.core.text import clean_line, clean_text

MOST_CENTS = 10**13  # a hundred billion reais
MOST_ID = 2**63 - 1
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_MOST_NAMED = 20  # of unknown fields, in an answer


class Strict(serializers.Serializer):
    """The base of every body that comes in: a field it does not know is refused by name, beside what else is wrong.

    So nobody believes that something was written which was not, and nothing is written that has a way of its own.
    """

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self._known()]
            errors = {clean_line(str(name), limit=80): [_("Unknown field.")] for name in unknown[:_MOST_NAMED]}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**cast(dict[str, Any], error.detail), **errors}) from error
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def _known(self) -> set[str | None]:
        return {field.field_name for field in self._writable_fields}


class Nothing(Strict):
    """The body of what needs none: empty, or not there."""


def body_of(request: Request, form: type[Strict], *, partial: bool = False) -> dict[str, Any]:
    """The checked values of a request's body; with `partial` (PATCH) only those that were sent. Raises
    ValidationError, which the API answers with 400 and the fields."""
    filled = form(data=request.data, partial=partial)
    filled.is_valid(raise_exception=True)
    return dict(filled.validated_data)


class Whole(serializers.IntegerField):
    """A JSON number; "12" is text and true is no number."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not (isinstance(data, int) or isinstance(data, float) and data.is_integer()):
            self.fail("invalid")
        return int(data)


class Cents(Whole):
    """Money in integer cents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": MOST_CENTS, **kwargs})


class Id(Whole):
    """The key of a record that a body names."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": MOST_ID, **kwargs})


class YesNo(serializers.BooleanField):
    """true or false, and nothing that may stand for them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=clean_line(str(data), limit=40))
        return data


class Text(serializers.CharField):
    """Text without control characters; a number is none. Give it a `max_length`."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str):
            data = self.clean(data)
        elif data is not None and data is not serializers.empty:
            self.fail("invalid")
        return super().run_validation(data)

    def clean(self, text: str) -> str:
        return clean_text(text, limit=self._most() + 1).strip()

    def _most(self) -> int:
        return self.max_length or 4000


class Line(Text):
    """As Text, on one line with single spaces: names and titles."""

    def clean(self, text: str) -> str:
        return clean_line(text, limit=self._most() + 1)


class Moment(serializers.DateTimeField):
    """ISO 8601: out in UTC with Z; in with any offset, but not without one, which everybody reads as another time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default_timezone": UTC, **kwargs})

    def enforce_timezone(self, value: datetime) -> datetime:
        if timezone.is_naive(value):
            raise serializers.ValidationError(_("Say the time zone too: 2026-01-31T12:00:00Z."), code="naive")
        return super().enforce_timezone(value)

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return reasonable(super().to_internal_value(value))
        except ValueError as error:
            raise serializers.ValidationError(str(error), code="far") from error


def reasonable(value: datetime) -> datetime:
    """A moment in UTC. Raises ValueError, with a sentence, for one so far away that what lies a little before or after
    it cannot be counted."""
    if not _FIRST <= value < _LAST:
        raise ValueError(_("Write a moment from 1900 to 2199."))
    return value.astimezone(UTC)


def moment(value: datetime | None) -> str | None:
    """A moment as `Moment` writes it, for answers put together by hand."""
    return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z" if value else None


class ModelAnswer(serializers.ModelSerializer):
    """The base of answers that are a model's columns: name the `fields`. Each is always there."""

    serializer_field_mapping: ClassVar[dict[Any, Any]] = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: Moment,
    }

    def get_extra_kwargs(self) -> dict[str, Any]:
        columns = {field.name for field in self.Meta.model._meta.get_fields()}  # type: ignore[attr-defined]
        told = super().get_extra_kwargs()
        return {name: {**told.get(name, {}), "required": True} for name in self.Meta.fields if name in columns}

    def get_uniqueness_extra_kwargs(self, names: Any, declared: Any, extra: Any) -> tuple[Any, dict[str, Any]]:
        return extra, {}  # nothing comes in that could be there twice
