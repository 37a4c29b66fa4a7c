"""Every kind of notification in the product belongs to a topic, which people choose by."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from crm.accounts.models import User
from crm.realtime.models import Notification
from crm.realtime.selectors import notifications_matching
from crm.realtime.topics import KINDS, Topic, topic_of

ROOT = Path(settings.STATICFILES_DIRS[0]).parent
TELLERS = {"notify", "alert_raise", "alert_clear", "thread_leave"}


def kinds_told() -> Iterator[str]:
    """What stands behind `kind=` wherever somebody is told something, constants followed to their module."""
    for app in ("crm", "leads", "conversations", "whatsapp", "agent"):
        for path in (ROOT / app).rglob("*.py"):
            if "tests" in path.parts or "migrations" in path.parts:
                continue
            tree = ast.parse(path.read_text())
            constants = {
                node.targets[0].id: node.value.value
                for node in tree.body
                if isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and isinstance(node.value, ast.Constant)
            }
            for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
                if getattr(call.func, "id", getattr(call.func, "attr", "")) in TELLERS:
                    yield from _of_call(call, constants)


def _of_call(call: ast.Call, constants: dict[str, object]) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg != "kind":
            continue
        value = keyword.value
        for branch in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
            kind = branch.value if isinstance(branch, ast.Constant) else constants.get(getattr(branch, "id", ""))
            if isinstance(kind, str):
                yield kind


def test_every_kind_somebody_is_told_of_has_a_topic() -> None:
    told = set(kinds_told())
    assert {"message", "lead_assigned", "lead_handed_over", "session_trouble", "backup_failed"} <= told
    assert told - set(KINDS) == set()


def test_a_kind_nobody_has_named_is_of_the_system() -> None:
    assert topic_of("something-new") == Topic.SYSTEM


@pytest.mark.django_db
def test_the_list_of_all_goes_by_topic_and_by_what_is_unread(ana: User, browse) -> None:
    for kind in ("message", "task_due", "something-new"):
        Notification.objects.create(user=ana, kind=kind, title_id=f"About {kind}", url="/leads/1/")
    read = Notification.objects.create(user=ana, kind="message", title_id="Read long ago", read_at="2026-01-01T00:00Z")
    page = reverse("notifications:centre")

    def shown(**filters: str) -> str:
        return browse(ana).get(page, filters).content.decode()

    assert "About task_due" in shown() and read.title in shown()
    assert "About message" in shown(topic="messages") and "About task_due" not in shown(topic="messages")
    assert "About something-new" in shown(topic="system") and "About message" not in shown(topic="system")
    assert read.title not in shown(unread="1")
    assert "About" in shown(topic="nonsense")
    assert browse(ana).get(page, {"before": "x"}).status_code == 400
    assert notifications_matching(ana, topic="tasks", unread=True).count() == 1


@pytest.mark.django_db
def test_a_long_list_goes_on_a_page_at_a_time_without_repeating_itself(ana: User, browse) -> None:
    Notification.objects.bulk_create(
        Notification(user=ana, kind="message", title_id=f"Note {number:03}") for number in range(120)
    )
    seen: list[str] = []
    before = ""
    while before is not None:
        answer = browse(ana).get(reverse("notifications:centre"), {"before": before} if before else {})
        seen += [note.title for _day, notes in answer.context["days"] for note in notes]
        before = answer.context["older"]
    assert seen == [f"Note {number:03}" for number in reversed(range(120))]
