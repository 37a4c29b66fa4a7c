"""Every address and method of API v1 × role, by page, key and token. A new one without a row here fails.

Roles as in tests/test_urls.py. What is asked of an address that takes a body is `{}`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from conversations.models import Contact
from crm.accounts.models import User
from crm.api.keys import key_create
from crm.api.scopes import Scope
from tests.addresses import Places, routes

Row = tuple[int, int, int, int]
Ask = Callable[..., Any]
PASSWORD = "a-long-test-password"  # noqa: S105  (of the cast)
METHODS = ("get", "post", "put", "patch", "delete")

# (name, method) → (nobody, stranger, owner, manager); an administrator gets what a manager gets
MEMBERS = (401, 200, 200, 200)
OWNERS = (401, 404, 200, 200)
MANAGERS = (401, 404, 404, 200)
TOLD = (401, 404, 400, 400)  # something is missing
TABLE: dict[tuple[str, str], Row] = {
    ("token", "post"): (400, 400, 400, 400),  # no e-mail, no password
    ("token_refresh", "post"): (401, 401, 401, 401),
    ("sign_out", "post"): (401, 401, 401, 401),
    ("sign_out_everywhere", "post"): (401, 204, 204, 204),
    ("sign_ins", "get"): MEMBERS,
    ("sign_in", "delete"): (401, 404, 404, 404),  # nobody's
    ("me", "get"): MEMBERS,
    ("products", "get"): MEMBERS,
    ("simulations", "get"): MEMBERS,
    ("simulation", "get"): OWNERS,
    ("simulation_schedule", "get"): OWNERS,
    ("simulation_send", "post"): TOLD,
    ("lead_simulations", "post"): TOLD,
    ("analytics", "get"): MEMBERS,
    ("analytics_block", "get"): MEMBERS,
    ("conversations", "get"): MEMBERS,
    ("conversation", "get"): OWNERS,
    ("conversation_takeover", "post"): OWNERS,
    ("conversation_handback", "post"): OWNERS,
    ("conversation_read", "post"): OWNERS,
    ("messages", "get"): OWNERS,
    ("messages", "post"): TOLD,
    ("message", "get"): OWNERS,
    ("message_file", "get"): (401, 404, 404, 404),  # a text has no file
    ("contacts", "get"): MEMBERS,
    ("contact", "get"): OWNERS,
    ("leads", "get"): MEMBERS,
    ("leads", "post"): (401, 400, 400, 400),
    ("lead", "get"): OWNERS,
    ("lead", "patch"): OWNERS,
    ("lead_move", "post"): TOLD,
    ("lead_assign", "post"): (401, 404, 404, 400),
    ("lead_interactions", "get"): OWNERS,
    ("lead_notes", "get"): OWNERS,
    ("lead_notes", "post"): TOLD,
    ("tasks", "get"): MEMBERS,
    ("tasks", "post"): (401, 400, 400, 400),
    ("task", "get"): OWNERS,
    ("task", "patch"): OWNERS,
    ("task_finish", "post"): OWNERS,
    ("task_drop", "post"): OWNERS,
    ("task_undo", "post"): OWNERS,
    ("consultants", "get"): MEMBERS,
    ("sessions", "get"): MANAGERS,
    ("sessions", "post"): (401, 404, 404, 400),
    ("session", "get"): MANAGERS,
    ("session", "delete"): (401, 404, 404, 204),
    ("session_connect", "post"): (401, 404, 404, 202),
    ("session_disconnect", "post"): (401, 404, 404, 202),
}
# What a key may not do: these are for whoever knows the password.
PERSONS_ALONE = {"sign_out_everywhere", "sign_ins", "sign_in"}
# What needs no scope: about oneself, or the way in and out.
WITHOUT_SCOPE = {"token", "token_refresh", "sign_out", "sign_out_everywhere", "sign_ins", "sign_in", "me"}


def views() -> Iterator[tuple[str, URLPattern, Any]]:
    for name, pattern in routes():
        if name.startswith("api:"):
            yield name.removeprefix("api:"), pattern, pattern.callback.view_class


PATTERNS = {name: pattern for name, pattern, _view in views()}


@pytest.fixture
def numbers(places: Places) -> dict[str, Any]:
    """What to put into an address, by the name of its part."""
    found: dict[str, Any] = {}
    for place in places.values():
        found = {**place, **found}
    found["contact_id"] = Contact.objects.get().pk
    found["family_id"] = "00000000-0000-4000-8000-000000000000"
    return found


def where(name: str, numbers: dict[str, Any]) -> str:
    return reverse(f"api:{name}", kwargs={part: numbers[part] for part in PATTERNS[name].pattern.converters})


def asker(user: User | None, way: str) -> Ask:
    """How somebody asks: signed in at the pages, with a key that may do everything, or with an access token."""
    client, headers = Client(), {}
    if user and way == "page":
        client.force_login(user)
    elif user and way == "key":
        headers["Authorization"] = f"Bearer {key_create(user=user, name='all', scopes=Scope.values)[1]}"
    elif user:
        told = {"email": user.email, "password": PASSWORD}
        answer = client.post(reverse("api:token"), told, content_type="application/json")
        assert answer.status_code == 200, answer.content
        headers["Authorization"] = f"Bearer {answer.json()['access']}"
        client = Client()

    def ask(method: str, address: str, body: Any = None) -> Any:
        with transaction.atomic():
            more = {} if method == "get" else {"data": body or {}, "content_type": "application/json"}
            answer = getattr(client, method)(address, headers=headers, **more)
            transaction.set_rollback(True)
        return answer

    return ask


def test_every_address_and_method_has_a_row() -> None:
    there = {(name, method) for name, _pattern, view in views() for method in METHODS if hasattr(view, method)}
    assert there == set(TABLE)


def expected(row: tuple[str, str], role: str, way: str) -> int:
    if way == "key" and row[0] in PERSONS_ALONE:
        return 403
    if way == "token" and row[0] == "sign_out":
        return 204  # the token says which sign-in ends
    return TABLE[row][("nobody", "caio", "ana", "bruno", "alice").index(role) if role != "alice" else -1]


@pytest.mark.parametrize(
    ("role", "way"),
    [
        ("nobody", "page"), ("caio", "page"), ("ana", "page"), ("bruno", "page"), ("alice", "page"),
        ("caio", "key"), ("bruno", "key"), ("caio", "token"), ("ana", "token"),
    ],
)  # fmt: skip
def test_each_role_gets_what_the_table_says(
    role: str, way: str, numbers: dict[str, Any], caio: User, request: pytest.FixtureRequest
) -> None:
    ask = asker(None if role == "nobody" else request.getfixturevalue(role), way)
    answers = {row: ask(row[1], where(row[0], numbers)).status_code for row in TABLE}
    assert answers == {row: expected(row, role, way) for row in TABLE}


def test_a_stranger_learns_not_even_that_there_is_such_a_thing(numbers: dict[str, Any], caio: User) -> None:
    """The same answer as for a number that nobody has."""
    ask = asker(caio, "page")
    nowhere = {name: 2_000_000_000 if isinstance(value, int) else value for name, value in numbers.items()}
    for name, method in TABLE:
        if PATTERNS[name].pattern.converters:
            theirs, nobodys = (ask(method, where(name, each)) for each in (numbers, nowhere))
            assert (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content), name


def test_a_key_does_nothing_but_what_it_is_for(numbers: dict[str, Any], bruno: User) -> None:
    """With every scope but the one asked for; and what asks for none is known."""
    scopes = {(name, method): view.scopes.get(method.upper()) for name, _pattern, view in views() for method in METHODS}
    assert {name for name, method in TABLE if scopes[name, method] is None} == WITHOUT_SCOPE
    for wanted in Scope.values:
        _key, text = key_create(user=bruno, name="others", scopes=set(Scope.values) - {wanted})
        for (name, method), scope in scopes.items():
            if scope == wanted and (name, method) in TABLE:
                ask = getattr(Client(), method)
                answer = ask(where(name, numbers), headers={"X-Api-Key": text}, content_type="application/json")
                assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope"), (name, method)


def test_a_signed_in_page_changes_nothing_without_its_csrf_token(numbers: dict[str, Any], bruno: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bruno)
    for name, method in TABLE:
        if method != "get" and name not in ("token", "token_refresh", "sign_out"):
            answer = getattr(client, method)(where(name, numbers), {}, content_type="application/json")
            assert answer.status_code == 403, (name, method)


def test_every_answer_is_json_for_nobody_else_and_never_a_page(numbers: dict[str, Any], ana: User) -> None:
    ask = asker(ana, "page")
    for name, method in TABLE:
        answer = ask(method, where(name, numbers))
        if answer.content:
            assert answer["Content-Type"].split(";")[0] in ("application/json", "text/csv"), name
        assert answer["X-Content-Type-Options"] == "nosniff" and "default-src" in answer["Content-Security-Policy"]
        assert "private" in answer["Cache-Control"] or "no-store" in answer["Cache-Control"], name


FORGED = {
    "lead": {
        "consultant_id": 1,
        "consultant": 1,
        "status": "WON",
        "id": 1,
        "version": 9,
        "ai_score": 99,
        "source": "form",
    },
    "leads": {
        "consultant_id": 1,
        "status": "WON",
        "id": 1,
        "merged_into": 1,
        "erased_at": None,
        "created_at": "2020-01-01",
    },
    "task": {"lead_id": 1, "state": "done", "made_by": "system", "id": 1},
    "messages": {"author": "livia", "state": "sent", "sender_id": 1, "direction": "in", "provider_id": "X"},
    "lead_notes": {"author_id": 1, "pinned": True, "created_at": "2020-01-01"},
}


@pytest.mark.parametrize("name", FORGED)
def test_what_a_body_may_not_hold_is_refused_by_name(name: str, numbers: dict[str, Any], caio: User, ana: User) -> None:
    """Mass assignment: of every key that is not the caller's to set the answer says so, and nothing is done."""
    ask, method = asker(ana, "page"), "patch" if (name, "patch") in TABLE else "post"
    good = {"text": "oi", "name": "Joana", "phone": "+5511998120000"} if method == "post" else {}
    for key, value in FORGED[name].items():
        answer = ask(method, where(name, numbers), {**good, key: value})
        assert answer.status_code == 400 and key in answer.json()["error"]["fields"], (key, answer.content)
