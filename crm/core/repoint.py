"""One row takes the place of another."""

from collections.abc import Collection

from django.db.models import Model


def repoint(gone: Model, kept: Model, *, leave: Collection[type[Model]] = ()) -> dict[str, list[int]]:
    """Have every row that refers to `gone` refer to `kept`, whatever app it belongs to; the keys by model.

    Rows of the models in `leave` stay. What only one row may refer to must have been settled before.
    """
    moved = {}
    for relation in gone._meta.related_objects:
        model = relation.related_model
        if model in leave:
            continue
        rows = model._base_manager.filter(**{relation.field.name: gone})
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if keys:
            rows.update(**{relation.field.name: kept})
            moved[model._meta.label_lower] = keys
    return moved
