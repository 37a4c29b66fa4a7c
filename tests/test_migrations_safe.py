"""A release's migrations leave the release before it working: both run side by side while one replaces the other.

What a migration may not do at once goes in steps, over two releases (docs/operations.md, Migrations).
"""

from collections.abc import Iterator

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

OURS = {"agent", "conversations", "crm", "leads", "whatsapp"}
# The last migration of each app in the release before: those have met no older code. Move it with each release.
RELEASED = {
    "accounts": 5, "agent": 4, "conversations": 7, "leads": 11, "realtime": 3, "webhooks": 2, "whatsapp": 3,
}  # fmt: skip
# Of migrations since: what is safe all the same, with the reason. {("app", "0007_name"): "reason"}
ACCEPTED: dict[tuple[str, str], str] = {}


def dangers(migration: Migration) -> Iterator[str]:
    """Sentences about what would break or block code that does not know this migration yet."""
    made = {operation.name_lower for operation in migration.operations if isinstance(operation, operations.CreateModel)}
    for operation in migration.operations:
        about = getattr(operation, "model_name_lower", getattr(operation, "name_lower", ""))
        if about not in made and (danger := danger_of(operation)):
            yield f"{operation.describe()}: {danger}"


def danger_of(operation: Operation) -> str:
    match operation:
        case operations.RemoveField() | operations.DeleteModel():
            return "the code that still runs reads it; take it out of the models first, and drop it a release later"
        case operations.RenameField() | operations.RenameModel() | operations.AlterModelTable():
            return "the code that still runs knows the old name; add, copy, and drop a release later"
        case operations.AddField(field=field) if not (field.null or field.many_to_many or has_database_default(field)):
            return "the code that still runs inserts rows without it: null=True or db_default"
        case operations.AlterField(field=field) if not (field.null or has_database_default(field)):
            return "check that the old code writes nothing the new column refuses, and say so in ACCEPTED"
        case AddIndexConcurrently():
            return ""
        case operations.AddIndex():
            return "locks the table against writing while it is built: AddIndexConcurrently"
        case operations.AddConstraint(constraint=constraint) if not_valid(constraint):
            return "the old code may write what it refuses, and the table is locked while it is checked"
    return ""


def has_database_default(field: models.Field) -> bool:
    return field.db_default is not NOT_PROVIDED


def not_valid(constraint: models.BaseConstraint) -> bool:
    return isinstance(constraint, models.CheckConstraint | models.UniqueConstraint)


def since_the_release() -> list[Migration]:
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()
    return [
        migration
        for (app, name), migration in sorted(found)
        if migration.__module__.split(".")[0] in OURS
        and int(name[:4]) > RELEASED.get(app, 0)
        and (app, name) not in ACCEPTED
        and not migration.initial
    ]


def test_the_release_before_works_with_this_ones_database() -> None:
    found = [f"{migration}: {danger}" for migration in since_the_release() for danger in dangers(migration)]
    assert found == []


def test_every_exception_is_about_a_migration_there_is() -> None:
    assert set(ACCEPTED) <= set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


TEXT = models.TextField()
CREATED = operations.CreateModel("note", [("id", models.AutoField(primary_key=True))])


@pytest.mark.parametrize(
    ("steps", "is_dangerous"),
    [
        ([operations.RemoveField("lead", "note")], True),
        ([operations.DeleteModel("Lead")], True),
        ([operations.RenameField("lead", "note", "notes")], True),
        ([operations.AddField("lead", "note", models.TextField(default=""))], True),
        ([operations.AddField("lead", "note", models.TextField(null=True))], False),
        ([operations.AddField("lead", "note", models.TextField(db_default=""))], False),
        ([operations.AlterField("lead", "note", TEXT)], True),
        ([operations.AddIndex("lead", models.Index(fields=["note"], name="lead_note"))], True),
        ([AddIndexConcurrently("lead", models.Index(fields=["note"], name="lead_note"))], False),
        ([CREATED, operations.AddIndex("note", models.Index(fields=["id"], name="note_id"))], False),
        ([operations.RunPython(operations.RunPython.noop)], False),
    ],
)
def test_what_is_dangerous_is_seen(steps: list[Operation], is_dangerous: bool) -> None:
    migration = Migration("0002_step", "leads")
    migration.operations = steps
    assert bool(list(dangers(migration))) is is_dangerous
