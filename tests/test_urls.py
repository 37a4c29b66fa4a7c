"""Every URL × role. A new URL without a row here fails; those of API v1 have their table in tests/test_api_urls.py.

Roles: nobody signed in, a consultant who is a stranger to the objects (Caio), their owner (Ana), a manager (Bruno), an
administrator (Alice), who gets what a manager gets. A stranger gets 404: what is not yours does not exist for you.
`302` for nobody means: led to the sign-in page.
"""

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.addresses import Places, address, query, routes

Row = tuple[str, int, int, int, int]
# name → (method, nobody, stranger, owner, manager)
EVERYONE = ("GET", 200, 200, 200, 200)
MEMBERS = ("GET", 302, 200, 200, 200)
OWNERS = ("GET", 302, 404, 200, 200)
MANAGERS = ("GET", 302, 404, 404, 200)
TABLE: dict[str, Row] = {
    "home": ("GET", 302, 302, 302, 302),
    "login": ("GET", 200, 302, 302, 302),
    "logout": ("POST", 302, 302, 302, 302),
    "accounts:availability": ("POST", 302, 302, 302, 302),
    "login_code": ("GET", 302, 302, 302, 302),
    "login_factor": ("GET", 302, 302, 302, 302),
    "accounts:account": MEMBERS,
    "accounts:everywhere": ("POST", 302, 302, 302, 302),
    "accounts:factor": MEMBERS,
    "accounts:factor_codes": ("GET", 302, 404, 404, 404),  # nobody here has a second factor
    "accounts:factor_off": ("GET", 302, 404, 404, 404),
    "accounts:password_set": EVERYONE,  # without a key that works it says so
    "keys:list": MEMBERS,
    "keys:revoke": ("POST", 302, 404, 302, 404),  # each ends only the own ones here; managers others' in the admin
    "keys:end": ("POST", 302, 404, 302, 404),
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
    "api_docs": EVERYONE,
    "api_schema": EVERYONE,
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
    "conversations:scheduled_cancel": ("POST", 302, 404, 204, 204),
    "conversations:scheduled_now": ("POST", 302, 404, 204, 204),
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
    "workspace:queue_again": ("POST", 302, 404, 404, 404),  # there is no such list
    "workspace:record_again": ("POST", 302, 404, 404, 409),
    "workspace:record_discard": ("POST", 302, 404, 404, 302),
    "health": ("GET", 404, 404, 404, 503),  # of the processes none runs here
    "metrics": ("GET", 404, 404, 404, 200),  # or by METRICS_TOKEN: crm/monitoring/tests/test_metrics.py
    "monitoring:health": MANAGERS,
    "monitoring:reports": MANAGERS,
    "monitoring:reports_file": MANAGERS,
    "monitoring:report": MANAGERS,
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
    "hooks:leads": ("POST", 401, 401, 401, 401),  # for programs with a key: crm/webhooks/tests/test_in_hook.py
    "hooks:leads_keyed": ("POST", 401, 401, 401, 401),
    "webhooks:list": MANAGERS,
    "webhooks:new": MANAGERS,
    "webhooks:detail": MANAGERS,
    "webhooks:edit": MANAGERS,
    "webhooks:test": ("POST", 302, 404, 404, 200),
    **dict.fromkeys(
        (f"webhooks:{name}" for name in "pause resume delete resend_dead".split()), ("POST", 302, 404, 404, 302)
    ),
    "webhooks:rotate": ("POST", 302, 404, 404, 200),
    "webhooks:delivery": MANAGERS,
    "webhooks:resend": ("POST", 302, 404, 404, 302),
    "webhooks:in_list": MANAGERS,
    "webhooks:source": MANAGERS,
    "webhooks:source_new": ("POST", 302, 404, 404, 400),
    "webhooks:source_mapping": ("POST", 302, 404, 404, 200),
    "webhooks:source_preview": ("POST", 302, 404, 404, 200),
    "webhooks:source_arrivals": MANAGERS,
    "webhooks:source_key": ("POST", 302, 404, 404, 200),
    "webhooks:source_signing": ("POST", 302, 404, 404, 200),
    "webhooks:source_pause": ("POST", 302, 404, 404, 302),
    "webhooks:source_delete": ("POST", 302, 404, 404, 302),
    "webhooks:arrival_again": ("POST", 302, 404, 404, 200),
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
    "simulator:screen": ("GET", 302, 404, 404, 404),  # no number to talk to; so with the others
    "simulator:controls": ("GET", 302, 404, 404, 404),
    "simulator:person": ("POST", 302, 404, 404, 404),
    "simulator:say": ("POST", 302, 404, 404, 404),
    "simulator:control": ("POST", 302, 404, 404, 404),
    "simulator:file": ("GET", 302, 404, 404, 404),
    "whatsapp:edit": ("GET", 302, 404, 404, 200),
    "whatsapp:delete": ("POST", 302, 404, 404, 302),
    "whatsapp:connect": ("POST", 302, 404, 404, 200),
    "whatsapp:disconnect": ("POST", 302, 404, 404, 200),
    "whatsapp:logout": ("POST", 302, 404, 404, 409),
    "whatsapp:code": ("POST", 302, 404, 404, 400),
    "whatsapp_events:qr": ("GET", 302, 404, 404, 501),  # by a server that streams: tests/realtime/test_qr_stream.py
}
# What an administrator gets where it is not what a manager gets.
ADMINISTRATOR: dict[str, int] = {}
ROLES = ("nobody", "caio", "ana", "bruno", "alice")


def test_every_url_has_a_row() -> None:
    names = {name for name, _pattern in routes() if not name.startswith("api:")}
    assert names == set(TABLE)


def answer(name: str, role: str) -> int:
    answers = TABLE[name][1:]
    if role == "alice":
        return ADMINISTRATOR.get(name, answers[-1])
    return answers[ROLES.index(role)]


def visit(name: str, places: Places, client: Client) -> int:
    method, *_answers = TABLE[name]
    ask = getattr(client, method.lower())
    return ask(address(name, places), query(name, places)).status_code


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(role, places, browse, settings, request) -> None:
    """Each address is asked of the same state: what the one before it did is undone."""
    settings.LEADS_API_PUBLIC = False
    user = None if role == "nobody" else request.getfixturevalue(role)
    for person in ("caio", "ana", "bruno"):
        request.getfixturevalue(person)
    answers = {}
    for name in TABLE:
        with transaction.atomic():
            answers[name] = visit(name, places, browse(user) if user else Client())
            transaction.set_rollback(True)
    assert answers == {name: answer(name, role) for name in TABLE}


@pytest.mark.parametrize("name", ["admin:index", "admin:leads_lead_changelist", "admin:agent_turn_changelist"])
def test_the_admin_is_for_managers(name, ana, bruno, browse) -> None:
    address = reverse(name)
    assert Client().get(address).status_code == 302
    assert browse(ana).get(address).status_code == 302
    assert browse(bruno).get(address).status_code == 200


def test_every_admin_page_opens_for_a_manager_but_djangos_own_plumbing(bruno, browse) -> None:
    client = browse(bruno)
    for model in admin.site._registry:
        options = model._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
        expected = 403 if options.app_label == "axes" else 200
        assert client.get(address).status_code == expected, address


def test_the_simulator_is_not_there_when_switched_off(ana, browse, settings) -> None:
    settings.SIMULATOR_ENABLED = False
    assert browse(ana).get(reverse("simulator:phone")).status_code == 404
