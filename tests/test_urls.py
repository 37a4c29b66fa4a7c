"""Every URL × role. A new URL without a row here fails.

Roles: nobody signed in, a consultant who is a stranger to the objects (Caio), their owner (Ana), a manager (Bruno).
A stranger gets 404: what is not yours does not exist for you. `302` for nobody means: led to the sign-in page.
"""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from agent.brain.calculator import SimulationRequest, simulate
from agent.brain.products import DEFAULT_PRODUCTS
from agent.models import ProductVersion, Simulation
from conversations.models import Inbox, InboxRole
from leads.services import lead_assign
from whatsapp.models import Session

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
    "leads:board": MEMBERS,
    "leads:column": MEMBERS,
    "leads:new": MEMBERS,
    "leads:detail": OWNERS,
    "leads:edit": ("GET", 302, 404, 302, 302),
    "leads:move": ("POST", 302, 404, 400, 400),
    "leads:assign": ("POST", 302, 404, 404, 302),
    "leads:public_form": EVERYONE,
    "leads:public_thanks": EVERYONE,
    "api-leads": ("POST", 401, 415, 415, 415),
    "conversations:list": MEMBERS,
    "conversations:chats": MANAGERS,
    "conversations:detail": OWNERS,
    "conversations:older": OWNERS,
    "conversations:side": OWNERS,
    "conversations:media": ("GET", 302, 404, 404, 404),  # a text has no file; files are tested with what they carry
    "conversations:send": ("POST", 302, 404, 400, 400),
    "conversations:read": ("POST", 302, 404, 204, 204),
    "conversations:takeover": ("POST", 302, 404, 302, 302),
    "conversations:handback": ("POST", 302, 404, 302, 302),
    "conversations:resend": ("POST", 302, 404, 409, 409),
    "conversations:arrived": ("POST", 302, 404, 409, 409),
    "notifications:list": MEMBERS,
    "notifications:read": ("POST", 302, 200, 200, 200),
    "whatsapp:sessions": MANAGERS,
    "whatsapp:new": MANAGERS,
    "agent:livia": MANAGERS,
    "agent:simulation": OWNERS,
    "agent:schedule": OWNERS,
    "agent:send": ("POST", 302, 404, 422, 422),
    "agent:simulate": OWNERS,
    "agent:simulate_result": ("POST", 302, 404, 200, 200),
    "health-live": EVERYONE,
    "health-ready": EVERYONE,
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
    version = ProductVersion.objects.get(code="personal_loan")
    made = Simulation.objects.create(lead=maria_thread.lead, product_version=version, result=result.as_dict())
    message = {**thread, "message_id": maria_thread.messages.first().pk}
    return {
        "leads:column": {"status": "NEW"},
        **dict.fromkeys(["leads:detail", "leads:edit", "leads:move", "leads:assign"], lead),
        **dict.fromkeys(["agent:simulate", "agent:simulate_result"], lead),
        **{f"agent:{name}": {"simulation_id": made.pk} for name in ("simulation", "schedule", "send")},
        **{f"conversations:{name}": thread for name in "detail older side send read takeover handback".split()},
        **{f"conversations:{name}": message for name in ("media", "resend", "arrived")},
        "session": {"session_id": session.pk},
    }


QUERY = {
    "leads:column": {"rank": 0, "id": 1},
    "conversations:older": {"before": 1},
    "conversations:chats": {"inbox": 1},
}


def visit(name: str, places: dict, client: Client) -> int:
    method, *_expected = TABLE[name]
    address = reverse(name, kwargs=places.get(name, {}))
    return getattr(client, method.lower())(address, QUERY.get(name, {})).status_code


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
