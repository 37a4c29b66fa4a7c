"""Rows of any model, as many as a test asks for, with rows of their own behind every foreign key."""

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.core.clock import now

_numbers = count(1)
_OF_KIND: list[tuple[type[models.Field], Any]] = [
    (models.BooleanField, lambda field, n: False),
    (models.DateTimeField, lambda field, n: now() - dt.timedelta(minutes=n)),
    (models.DateField, lambda field, n: now().date() + dt.timedelta(days=n)),
    (models.TimeField, lambda field, n: dt.time(9 if "begin" in field.name else 18)),
    (models.UUIDField, lambda field, n: uuid4()),
    (models.BinaryField, lambda field, n: b"x"),
    (models.JSONField, lambda field, n: {}),
    (ArrayField, lambda field, n: []),
    (models.FloatField, lambda field, n: 0.5),
    (models.DecimalField, lambda field, n: Decimal("0.01")),
    (models.EmailField, lambda field, n: f"person{n}@example.com"),
    (models.URLField, lambda field, n: f"https://example.com/{n}"),
    (models.GenericIPAddressField, lambda field, n: "127.0.0.1"),
    (models.IntegerField, lambda field, n: n % 30_000),
    (models.CharField, lambda field, n: f"{field.name} {n}".replace(" ", "-")[: field.max_length or 20]),
    (models.TextField, lambda field, n: f"{field.name} {n}"),
]


def fill(model: type[models.Model], wanted: int) -> None:
    """See to it that there are that many rows of this model. Nobody is told of them: no signals, no facts."""
    missing = wanted - model._base_manager.count()
    _made(model, missing) if missing > 0 else None


def _made(model: type[models.Model], missing: int, depth: int = 0) -> list[Any]:
    """New rows. Beyond two steps away foreign keys that may be empty are."""
    behind = {
        field.name: _made(field.related_model, missing, depth + 1)
        for field in model._meta.concrete_fields
        if field.is_relation and not (field.null and (depth > 1 or field.related_model is model))
    }
    rows = [model(**_values(model, {name: made[row] for name, made in behind.items()})) for row in range(missing)]
    return model._base_manager.bulk_create(rows)


def _values(model: type[models.Model], related: dict[str, Any]) -> dict[str, Any]:
    n = next(_numbers)
    values = dict(related)
    for field in model._meta.concrete_fields:
        plain = not field.is_relation and not field.generated and not isinstance(field, models.AutoField)
        if plain and not (field.null and field.name not in _SHOWN):
            values[field.name] = _value(field, n)
    return values


_SHOWN = {"sent_at", "last_message_at", "due_at"}


def _value(field: models.Field, n: int) -> Any:
    if field.choices:
        choices = [value for value, _label in field.flatchoices if value not in ("", None)]
        return choices[n % len(choices)]
    if field.has_default() and not field.unique:
        return field.get_default()
    return next(make(field, n) for kind, make in _OF_KIND if isinstance(field, kind))
