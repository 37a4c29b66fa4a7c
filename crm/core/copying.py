"""New rows by COPY: several times the pace of INSERT for hundreds of rows, with the same keys, triggers and checks."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from crm.core.clock import now

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def rows_copy(rows: Sequence[Model]) -> None:
    """Insert rows of one model and give them their keys. No signals; every field needs its value, apart from those
    that hold the moment of saving."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.generated and not field.primary_key]
    key = meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [meta.db_table, key.column, len(rows)])
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk, row._state.adding, row._state.db = pk, False, connection.alias
        names = ", ".join(f'"{field.column}"' for field in (key, *fields))
        moment = now()
        lines = ("\t".join([str(row.pk), *(_value(row, field, moment) for field in fields)]) for row in rows)
        text = "\n".join(lines)
        with cursor.copy(f'COPY "{meta.db_table}" ({names}) FROM STDIN') as copy:
            copy.write(text + "\n")


_KEYS = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def _value(row: Model, field: "Field[Any, Any]", moment: datetime) -> str:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        setattr(row, field.attname, moment)
    return _text(getattr(row, field.attname))


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        return str.translate(value, _ESCAPES)
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
    raise TypeError(f"COPY cannot write {type(value).__name__}.")
