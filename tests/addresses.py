"""What the addresses of the product are about: Ana's lead and thread, and one of everything else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from agent.brain.calculator import SimulationRequest, simulate
from agent.brain.products import DEFAULT_PRODUCTS
from agent.models import ProductVersion, Simulation
from conversations.models import CannedReply, Conversation, Inbox, InboxRole, ScheduledMessage
from crm.accounts.models import Role, User
from crm.alerts.models import Level
from crm.alerts.services import alert_raise
from crm.api.keys import key_create
from crm.api.models import TokenFamily
from crm.core.clock import now
from crm.exports.services import export_request
from crm.monitoring.models import Band, Report
from crm.privacy.models import Review
from crm.realtime.models import Notification
from crm.webhooks.arriving import Sent, arrival_take
from crm.webhooks.models import Attempt, Delivery, Endpoint, Event
from crm.webhooks.sources import source_create
from leads.actors import SYSTEM
from leads.agenda import task_create
from leads.models import Import, SavedView
from leads.notes import note_add
from leads.services import lead_assign
from whatsapp.models import Session, SetAside

Places = dict[str, dict[str, Any]]

WISH = SimulationRequest(credit_amount=1_000_000, term_months=12, contract_date=date(2026, 11, 20))

# What an address is asked with, where it says nothing without it.
QUERY: dict[str, dict[str, Any] | Callable[[Places], dict[str, Any]]] = {
    "exports:new": {"kind": "leads"},
    "leads:column": {"rank": 0, "id": 1},
    "leads:board_cards": {"ids": "1"},
    "leads:people": lambda places: {"lead": places["leads:detail"]["lead_id"]},
    "leads:view_edit": {"name": "Outra"},
    "conversations:older": {"before": 1},
    "conversations:newer": {"after": 1},
    "conversations:chats": {"inbox": 1},
}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address by its name, with those of the API (`api:…`) and without those of the admin."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry
        elif entry.namespace != "admin":
            yield from routes(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)


def address(name: str, places: Places) -> str:
    return reverse(name, kwargs=places.get(name, {}))


def query(name: str, places: Places) -> dict[str, Any]:
    asked = QUERY.get(name, {})
    return asked(places) if callable(asked) else asked


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """What is done within is undone afterwards: rows, and the browser's cookies, so that it stays signed in."""
    cookies = deepcopy(client.cookies)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies


@pytest.fixture
def alice(db: None) -> User:
    """The administrator."""
    return User.objects.create_user("alice@example.com", "a-long-test-password", name="Alice Prado", role=Role.ADMIN)


@pytest.fixture
def places(maria_thread: Conversation, ana: User) -> Places:
    """What to put into the addresses, by their names."""
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    return {
        **_leads(maria_thread, ana),
        **_imports(ana),
        **_conversations(maria_thread, ana),
        **_simulations(maria_thread),
        **_team(ana),
        **_privacy(maria_thread),
        **_own(ana),
        **_sources(ana),
        **_endpoints(ana),
    }


def _each(prefix: str, names: str, values: dict[str, Any]) -> Places:
    return dict.fromkeys((f"{prefix}:{name}" for name in names.split()), values)


def _leads(thread: Conversation, owner: User) -> Places:
    lead = {"lead_id": thread.lead_id}
    note = note_add(lead_id=thread.lead_id, text="Ligar à tarde", author=owner)
    view = SavedView.objects.create(owner=owner, name="Quentes", query="temperature=HOT")
    task = task_create(lead_id=thread.lead_id, title="Ligar", due_at=now(), actor=SYSTEM)
    return {
        "leads:column": {"status": "NEW"},
        **_each("leads", "view_edit view_delete", {"view_id": view.pk}),
        **_each("leads", "detail move assign history notes files merge", lead),
        "leads:field": {**lead, "name": "city"},
        "leads:rotation_member": {"consultant_id": owner.pk},
        "leads:note": {**lead, "note_id": note.pk},
        **_each("leads", "file file_remove", {**lead, "file_id": 1}),
        "leads:unmerge": {**lead, "interaction_id": 1},
        **_each("leads", "task_edit task_finish task_drop task_undo task_later", {"task_id": task.pk}),
    }


def _imports(creator: User) -> Places:
    batch = Import.objects.create(creator=creator, name="lista.csv", columns=["Telefone"])
    names = "detail status rows columns sheet map run go_on stop undo discard"
    return _each("imports", names, {"import_id": batch.pk})


def _conversations(thread: Conversation, author: User) -> Places:
    whole = {"conversation_id": thread.pk}
    message = {**whole, "message_id": thread.messages.first().pk}
    waiting = ScheduledMessage.objects.create(
        conversation=thread, author=author, text="Bom dia!", send_at=now() + timedelta(hours=1)
    )
    reply = CannedReply.objects.create(shortcut="oi", text="Oi!")
    of_thread = "detail older side send read takeover handback newer find menu snooze labels mark_unread"
    return {
        **_each("conversations", f"{of_thread} archive restore note answers schedule", whole),
        **_each("conversations", "media resend arrived react details task note_edit note_delete", message),
        **_each(
            "conversations",
            "scheduled_edit scheduled_cancel scheduled_now",
            {**whole, "scheduled_id": waiting.pk},
        ),
        **_each("conversations", "canned_edit canned_remove", {"reply_id": reply.pk}),
    }


def _simulations(thread: Conversation) -> Places:
    version = ProductVersion.objects.get(code="personal_loan")
    result = simulate(DEFAULT_PRODUCTS["personal_loan"], WISH).as_dict()
    made = Simulation.objects.create(lead=thread.lead, product_version=version, result=result)
    return {
        **_each("agent", "simulate simulate_result", {"lead_id": thread.lead_id}),
        **_each("agent", "simulation schedule send", {"simulation_id": made.pk}),
    }


def _report() -> Report:
    figures = {"received": 4, "answered": 3, "response_s": 6.2, "error_percent": None, "minutes": 60}
    said = {"figures": figures, "lost": [["response", 20]], "advice": ["more_workers"], "created_at": now()}
    return Report.objects.create(hour=now(), score=80, band=Band.GOOD, **said)


def _team(ana: User) -> Places:
    session = Session.objects.create(inbox=Inbox.objects.create(name="Outra", role=InboxRole.CONSULTANTS))
    aside = SetAside.objects.create(session=session, raw=b"no event", error="ValueError")
    alert = alert_raise(code="disk", level=Level.WARNING, title="Disk", data={})
    return {
        **_each("whatsapp", "edit delete connect disconnect logout code", {"session_id": session.pk}),
        "whatsapp_events:qr": {"session_id": session.pk},
        **_each("workspace", "record_again record_discard", {"record_id": aside.pk}),
        "workspace:queue_again": {"what": "nothing"},
        **_each("alerts", "take release note close", {"alert_id": alert.pk}),
        "monitoring:report": {"report_id": _report().pk},
        **_each("analytics", "file my_file", {"block": "funnel"}),
    }


def _privacy(thread: Conversation) -> Places:
    asked = Review.objects.create(lead_id=thread.lead_id, asked_at=now())
    return {
        **_each("privacy", "subject decision review_ask erase consents", {"lead_id": thread.lead_id}),
        **_each("privacy", "review review_lift", {"review_id": asked.pk}),
        "privacy:subject_file": {"export_id": 1},
        "privacy:retention": {"kind": "accesses"},
    }


def _own(ana: User) -> Places:
    bell = Notification.objects.create(user=ana, kind="message", title_id="Hello")
    export = export_request(user_id=ana.pk, kind="leads", params={})
    key, _text = key_create(user=ana, name="Site", scopes=["leads:read"])
    program = TokenFamily.objects.create(user=ana, refresh_id=uuid4(), expires_at=now() + timedelta(days=1))
    return {
        **_each("notifications", "read_one seen", {"notification_id": bell.pk}),
        **_each("exports", "download drop", {"export_id": export.pk}),
        "accounts:password_set": {"uidb64": "MQ", "token": "none"},
        "keys:revoke": {"key_id": key.pk},
        "keys:end": {"family_id": program.pk},
    }


def _endpoints(creator: User) -> Places:
    endpoint = Endpoint.objects.create(name="ERP", url="https://127.0.0.1/", events=Event.values, creator=creator)
    delivery = Delivery.objects.create(
        endpoint=endpoint, event=Event.LEAD_CREATED, payload={}, due_at=now(), created_at=now()
    )
    Attempt.objects.create(delivery=delivery, at=now(), ms=3, error="timeout", excerpt="busy")
    return {
        **_each("webhooks", "detail edit test pause resume rotate delete resend_dead", {"endpoint_id": endpoint.pk}),
        **_each("webhooks", "delivery resend", {"delivery_id": delivery.pk}),
    }


def _sources(creator: User) -> Places:
    source, _key = source_create(name="Site", user=creator)
    arrival = arrival_take(source=source, sent=Sent({"phone": "?"}))
    names = "source source_mapping source_preview source_arrivals source_key source_signing source_pause source_delete"
    return {
        **_each("webhooks", names, {"source_id": source.pk}),
        "webhooks:arrival_again": {"arrival_id": arrival.pk},
        "hooks:leads": {"prefix": source.prefix},
        "hooks:leads_keyed": {"prefix": source.prefix, "key": "hook_wrong"},
    }
