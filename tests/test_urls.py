"""Every URL × role. A new URL without a row here fails.

Roles: nobody signed in, a consultant who is a stranger to the objects (Caio), their owner (Ana), a manager (Bruno).
A stranger gets 404: what is not yours does not exist for you. `302` for nobody means: led to the sign-in page.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from agent.brain.calculator import SimulationRequest, simulate
from agent.brain.products import DEFAULT_PRODUCTS
from agent.models import ProductVersion, Simulation
from conversations.models import CannedReply, Inbox, InboxRole, ScheduledMessage
from crm.alerts.models import Level
from crm.alerts.services import alert_raise
from crm.core.clock import now
from crm.exports.services import export_request
from crm.privacy.models import Review
from crm.realtime.models import Notification
from leads.actors import SYSTEM
from leads.agenda import task_create
from leads.models import Import, SavedView
from leads.notes import note_add
from leads.services import lead_assign
from whatsapp.models import Session, SetAside

WISH = SimulationRequest(credit_amount=1_000_000, term_months=12, contract_date=date(2026, 11, 20))

# name → (method, nobody, stranger, owner, manager)
EVERYONE = ("GET", 200, 200, 200, 200)
MEMBERS = ("GET", 302, 200, 200, 200)
OWNERS = ("GET", 302, 404, 200, 200)
MANAGERS = ("GET", 302, 404, 404, 200)
TABLE: dict[str, tuple[str, int, int, int, int]] = {
    "home": ("GET", 302, 302, 302, 302),
    "login": ("GET", 200, 302, 302, 302),
    "logout": ("POST", 302, 302, 302, 302),
    "accounts:availability": ("POST", 302, 302, 302, 302),
    "accounts:password_set": EVERYONE,  # without a key that works it says so
    "leads:board": MEMBERS,
    "leads:column": MEMBERS,
    "leads:board_cards": MEMBERS,
    "leads:chips": MEMBERS,
    "leads:list": MEMBERS,
    "leads:bulk": ("POST", 302, 400, 400, 400),
    "leads:view_new": ("POST", 302, 400, 400, 400),
    "leads:view_edit": ("POST", 302, 404, 200, 404),
    "leads:view_delete": ("POST", 302, 404, 200, 404),
    "leads:new": MEMBERS,
    "leads:detail": OWNERS,
    "leads:known": MEMBERS,
    "leads:people": OWNERS,
    "leads:field": ("GET", 302, 404, 302, 302),
    "leads:history": OWNERS,
    "leads:notes": ("POST", 302, 404, 400, 400),
    "leads:note": ("POST", 302, 404, 400, 400),
    "leads:files": ("POST", 302, 404, 400, 400),
    "leads:file": ("GET", 302, 404, 404, 404),  # tested with what it carries in leads/tests/test_lead_files.py
    "leads:file_remove": ("POST", 302, 404, 404, 404),
    "leads:merge": OWNERS,
    "leads:unmerge": ("POST", 302, 404, 404, 404),
    "leads:move": ("POST", 302, 404, 400, 400),
    "leads:assign": ("POST", 302, 404, 404, 302),
    "leads:rotation": MANAGERS,
    "leads:rotation_ahead": MANAGERS,
    "leads:rotation_waiting": ("POST", 302, 404, 404, 302),
    "leads:rotation_member": ("POST", 302, 404, 404, 400),
    "leads:tasks": MEMBERS,
    "leads:task_leads": MEMBERS,
    "leads:task_new": ("GET", 302, 404, 404, 404),  # no lead was named
    "leads:task_edit": OWNERS,
    "leads:task_finish": ("POST", 302, 404, 200, 200),
    "leads:task_drop": ("POST", 302, 404, 200, 200),
    "leads:task_undo": ("POST", 302, 404, 200, 200),
    "leads:task_later": ("POST", 302, 404, 400, 400),
    "leads:public_form": EVERYONE,
    "leads:public_thanks": EVERYONE,
    "api-leads": ("POST", 401, 415, 415, 415),
    "conversations:list": MEMBERS,
    "conversations:chats": MANAGERS,
    "conversations:detail": OWNERS,
    "conversations:older": OWNERS,
    "conversations:side": OWNERS,
    "conversations:rows": MEMBERS,
    "conversations:counts": MEMBERS,
    "conversations:unread": MEMBERS,
    "conversations:newer": OWNERS,
    "conversations:find": OWNERS,
    "conversations:menu": OWNERS,
    "conversations:snooze": OWNERS,
    "conversations:labels": OWNERS,
    "conversations:mark_unread": ("POST", 302, 404, 204, 204),
    "conversations:archive": ("POST", 302, 404, 409, 409),
    "conversations:restore": ("POST", 302, 404, 204, 204),
    "conversations:media": ("GET", 302, 404, 404, 404),  # a text has no file; files are tested with what they carry
    "conversations:send": ("POST", 302, 404, 400, 400),
    "conversations:read": ("POST", 302, 404, 204, 204),
    "conversations:takeover": ("POST", 302, 404, 302, 302),
    "conversations:handback": ("POST", 302, 404, 302, 302),
    "conversations:resend": ("POST", 302, 404, 409, 409),
    "conversations:arrived": ("POST", 302, 404, 409, 409),
    "conversations:canned": MEMBERS,
    "conversations:canned_new": MEMBERS,
    "conversations:canned_edit": ("GET", 302, 404, 404, 200),  # the team's; own ones are tested with what they do
    "conversations:canned_remove": ("POST", 302, 404, 404, 302),
    "conversations:note": ("POST", 302, 404, 400, 400),
    "conversations:answers": OWNERS,
    "conversations:schedule": OWNERS,
    "conversations:scheduled_edit": OWNERS,
    "conversations:scheduled_cancel": ("POST", 302, 404, 204, 404),  # the owner was first: nothing waits any more
    "conversations:scheduled_now": ("POST", 302, 404, 204, 404),
    "conversations:react": ("POST", 302, 404, 400, 400),
    "conversations:details": OWNERS,
    "conversations:task": OWNERS,
    "conversations:note_edit": ("GET", 302, 404, 404, 404),  # the message is no note
    "conversations:note_delete": ("POST", 302, 404, 404, 404),
    "imports:list": MANAGERS,
    "imports:example": MANAGERS,
    "imports:detail": MANAGERS,
    "imports:status": MANAGERS,
    "imports:rows": MANAGERS,
    "imports:columns": MANAGERS,
    "imports:sheet": ("POST", 302, 404, 404, 404),  # it has none of that name
    "imports:map": ("POST", 302, 404, 404, 400),
    "imports:run": ("POST", 302, 404, 404, 409),  # not checked yet; so with the others
    "imports:go_on": ("POST", 302, 404, 404, 409),
    "imports:stop": ("POST", 302, 404, 404, 409),
    "imports:undo": ("POST", 302, 404, 404, 409),
    "imports:discard": ("POST", 302, 404, 404, 302),
    "notifications:list": MEMBERS,
    "events:here": ("POST", 302, 400, 400, 400),
    "notifications:read": ("POST", 302, 200, 200, 200),
    "notifications:centre": MEMBERS,
    "notifications:visit": ("POST", 302, 400, 400, 400),
    "notifications:read_one": ("POST", 302, 404, 204, 404),  # each reads only the own ones, managers too
    "notifications:seen": ("POST", 302, 204, 204, 204),
    "notifications:settings": MEMBERS,
    "notifications:devices": MEMBERS,
    "notifications:device_add": ("POST", 302, 400, 400, 400),
    "notifications:device_remove": ("POST", 302, 200, 200, 200),
    "manifest": EVERYONE,
    "service-worker": EVERYONE,
    "offline": EVERYONE,
    "whatsapp:sessions": MANAGERS,
    "whatsapp:new": MANAGERS,
    "agent:livia": MANAGERS,
    "agent:simulation": OWNERS,
    "agent:schedule": OWNERS,
    "agent:send": ("POST", 302, 404, 422, 422),
    "agent:simulate": OWNERS,
    "agent:simulate_result": ("POST", 302, 404, 200, 200),
    "analytics:team": MANAGERS,
    "analytics:refresh": ("POST", 302, 404, 404, 302),
    "analytics:mine": ("GET", 302, 200, 200, 404),  # a manager is not in the rotation
    "analytics:file": MANAGERS,
    "analytics:my_file": ("GET", 302, 200, 200, 404),
    "workspace:palette": MEMBERS,
    "workspace:language": ("POST", 400, 400, 400, 400),  # none was named
    "workspace:hint": ("POST", 302, 400, 400, 400),
    "workspace:queue": MEMBERS,
    "workspace:record_again": ("POST", 302, 404, 404, 409),
    "workspace:record_discard": ("POST", 302, 404, 404, 302),
    "health-live": EVERYONE,
    "health-ready": EVERYONE,
    "alerts:list": MANAGERS,
    "alerts:take": ("POST", 302, 404, 404, 302),
    "alerts:release": ("POST", 302, 404, 404, 302),
    "alerts:note": MANAGERS,
    "alerts:close": ("POST", 302, 404, 404, 302),
    "weekly:preview": MANAGERS,
    "weekly:mail": MANAGERS,
    "weekly:send": ("POST", 302, 404, 404, 409),  # no mail server
    "exports:list": MEMBERS,
    "exports:new": MEMBERS,
    "exports:download": ("GET", 302, 404, 404, 404),  # not yet written; files are tested with what they carry
    "exports:drop": ("POST", 302, 404, 302, 302),
    "privacy:overview": MANAGERS,
    "privacy:erase": MANAGERS,
    "privacy:consents": OWNERS,
    "privacy:retention": ("POST", 302, 404, 404, 400),
    "privacy:accesses": MANAGERS,
    "privacy:accesses_csv": MANAGERS,
    "privacy:subject": MANAGERS,
    "privacy:subject_file": ("GET", 302, 404, 404, 404),  # no archive; tested with what it carries
    "privacy:decision": OWNERS,
    "privacy:review_ask": ("POST", 302, 404, 400, 400),
    "privacy:review": MANAGERS,
    "privacy:review_lift": ("POST", 302, 404, 404, 404),  # nothing was changed by it
    "simulator:phone": MEMBERS,
}
# Only managers may touch the sessions; the answer to the manager depends on the session's state.
MANAGERS_ACT = {
    *(f"whatsapp:{name}" for name in ("edit", "delete", "connect", "disconnect", "logout", "code")),
    "whatsapp_events:qr",
}
# Development's phone: any member; the answers are tested with the simulator.
SIMULATOR = {
    "simulator:screen",
    "simulator:controls",
    "simulator:person",
    "simulator:say",
    "simulator:control",
    "simulator:file",
}


def named(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                continue
            yield from named(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"


@pytest.fixture
def places(maria_thread, ana) -> dict[str, dict[str, int | str]]:
    """What the addresses are about: Ana's lead, thread and message."""
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    session = Session.objects.create(inbox=Inbox.objects.create(name="Outra", role=InboxRole.CONSULTANTS))
    lead = {"lead_id": maria_thread.lead_id}
    thread = {"conversation_id": maria_thread.pk}
    result = simulate(DEFAULT_PRODUCTS["personal_loan"], WISH)
    bell = Notification.objects.create(user=ana, kind="message", title_id="Hello")
    version = ProductVersion.objects.get(code="personal_loan")
    made = Simulation.objects.create(lead=maria_thread.lead, product_version=version, result=result.as_dict())
    note = note_add(lead_id=maria_thread.lead_id, text="Ligar à tarde", author=ana)
    view = SavedView.objects.create(owner=ana, name="Quentes", query="temperature=HOT")
    aside = SetAside.objects.create(session=session, raw=b"no event", error="ValueError")
    message = {**thread, "message_id": maria_thread.messages.first().pk}
    waiting = ScheduledMessage.objects.create(
        conversation=maria_thread, author=ana, text="Bom dia!", send_at=now() + timedelta(hours=1)
    )
    later = {**thread, "scheduled_id": waiting.pk}
    reply = {"reply_id": CannedReply.objects.create(shortcut="oi", text="Oi!").pk}
    asked = Review.objects.create(lead_id=maria_thread.lead_id, asked_at=now())
    alert = alert_raise(code="disk", level=Level.WARNING, title="Disk", data={})
    export = export_request(user_id=ana.pk, kind="leads", params={})
    task = task_create(lead_id=maria_thread.lead_id, title="Ligar", due_at=now(), actor=SYSTEM)
    batch = {"import_id": Import.objects.create(creator=ana, name="lista.csv", columns=["Telefone"]).pk}
    return {
        **{f"imports:{name}": batch for name in "detail status rows columns sheet map".split()},
        **{f"imports:{name}": batch for name in "run go_on stop undo discard".split()},
        **{f"leads:task_{name}": {"task_id": task.pk} for name in ("edit", "finish", "drop", "undo", "later")},
        **dict.fromkeys((f"conversations:{name}" for name in "note answers schedule".split()), thread),
        **dict.fromkeys((f"conversations:scheduled_{name}" for name in "edit cancel now".split()), later),
        **dict.fromkeys(("conversations:canned_edit", "conversations:canned_remove"), reply),
        **dict.fromkeys(
            (f"conversations:{name}" for name in "react details task note_edit note_delete".split()), message
        ),
        **dict.fromkeys(["analytics:file", "analytics:my_file"], {"block": "funnel"}),
        "leads:column": {"status": "NEW"},
        **dict.fromkeys(["leads:view_edit", "leads:view_delete"], {"view_id": view.pk}),
        **{f"leads:{name}": lead for name in "detail move assign history notes files merge".split()},
        "leads:field": {**lead, "name": "city"},
        "leads:rotation_member": {"consultant_id": ana.pk},
        "leads:note": {**lead, "note_id": note.pk},
        **dict.fromkeys(["leads:file", "leads:file_remove"], {**lead, "file_id": 1}),
        "leads:unmerge": {**lead, "interaction_id": 1},
        **dict.fromkeys(["agent:simulate", "agent:simulate_result"], lead),
        **{f"agent:{name}": {"simulation_id": made.pk} for name in ("simulation", "schedule", "send")},
        **{f"conversations:{name}": thread for name in "detail older side send read takeover handback".split()},
        **{
            f"conversations:{name}": thread
            for name in "newer find menu snooze labels mark_unread archive restore".split()
        },
        **{f"conversations:{name}": message for name in ("media", "resend", "arrived")},
        **{f"workspace:{name}": {"record_id": aside.pk} for name in ("record_again", "record_discard")},
        **{f"notifications:{name}": {"notification_id": bell.pk} for name in ("read_one", "seen")},
        **dict.fromkeys([f"alerts:{name}" for name in "take release note close".split()], {"alert_id": alert.pk}),
        **dict.fromkeys(["exports:download", "exports:drop"], {"export_id": export.pk}),
        **dict.fromkeys([f"privacy:{name}" for name in "subject decision review_ask erase consents".split()], lead),
        **dict.fromkeys(["privacy:review", "privacy:review_lift"], {"review_id": asked.pk}),
        "privacy:subject_file": {"export_id": 1},
        "privacy:retention": {"kind": "accesses"},
        "accounts:password_set": {"uidb64": "MQ", "token": "none"},
        "session": {"session_id": session.pk},
    }


QUERY = {
    "exports:new": {"kind": "leads"},
    "leads:column": {"rank": 0, "id": 1},
    "leads:board_cards": {"ids": "1"},
    "leads:people": lambda places: {"lead": places["leads:detail"]["lead_id"]},
    "leads:view_edit": {"name": "Outra"},
    "conversations:older": {"before": 1},
    "conversations:newer": {"after": 1},
    "conversations:chats": {"inbox": 1},
}


def visit(name: str, places: dict, client: Client) -> int:
    method, *_expected = TABLE[name]
    address = reverse(name, kwargs=places.get(name, {}))
    query = QUERY.get(name, {})
    return getattr(client, method.lower())(address, query(places) if callable(query) else query).status_code


def test_every_url_has_a_row() -> None:
    assert set(named(get_resolver())) == set(TABLE) | MANAGERS_ACT | SIMULATOR


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_role_gets_what_the_table_says(name, places, ana, bruno, caio, browse, settings) -> None:
    settings.LEADS_API_PUBLIC = False
    roles = (Client(), browse(caio), browse(ana), browse(bruno))
    assert tuple(visit(name, places, client) for client in roles) == TABLE[name][1:]


@pytest.mark.parametrize("name", sorted(MANAGERS_ACT))
def test_only_managers_touch_sessions(name, places, ana, browse) -> None:
    address = reverse(name, kwargs=places["session"])
    for method in ("get", "post"):
        assert getattr(Client(), method)(address).status_code in (302, 405)
        assert getattr(browse(ana), method)(address).status_code in (404, 405)


@pytest.mark.parametrize("name", ["admin:index", "admin:leads_lead_changelist", "admin:agent_turn_changelist"])
def test_the_admin_is_for_managers(name, ana, bruno, browse) -> None:
    address = reverse(name)
    assert Client().get(address).status_code == 302
    assert browse(ana).get(address).status_code == 302
    assert browse(bruno).get(address).status_code == 200


def test_every_admin_page_opens_for_a_manager_but_djangos_own_plumbing(bruno, browse) -> None:
    from django.contrib import admin

    client = browse(bruno)
    for model in admin.site._registry:
        options = model._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
        expected = 403 if options.app_label == "axes" else 200
        assert client.get(address).status_code == expected, address


def test_the_simulator_is_not_there_when_switched_off(ana, browse, settings) -> None:
    settings.SIMULATOR_ENABLED = False
    assert browse(ana).get(reverse("simulator:phone")).status_code == 404
