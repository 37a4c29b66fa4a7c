"""Getting in, and getting at what is somebody else's: ids, forms, sessions, guesses, limits."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse
from django.urls.converters import IntConverter
from django.utils.http import urlsafe_base64_encode
from pytest_django.fixtures import Settings

from conversations.models import Conversation, Message
from crm.accounts.models import User
from leads.models import Lead, Task
from leads.services import lead_assign
from tests.addresses import Places, address, query, routes, undone

Browse = Callable[[User], Client]
PASSWORD = "a-long-test-password"  # noqa: S105  (of the cast)
ROW_NUMBERS = sorted(
    name
    for name, pattern in routes()
    if not name.startswith("api:") and any(isinstance(c, IntConverter) for c in pattern.pattern.converters.values())
)
DEAF = {"notifications:seen"}  # a page tells it of what it has shown, and never hears whether there was such a thing
NOWHERE = 2_000_000_000
# What differs from one answer to the next whoever asks.
_PASSING = re.compile(r'(csrf\w*|nonce|token)["\s:=\w-]*?"[\w-]{20,}"|\b\d+\b')


@pytest.fixture
def caios(browse: Browse, caio: User) -> Client:
    return browse(caio)


def told(client: Client, method: str, where: str, data: dict | None = None, **headers: str) -> tuple[int, str]:
    with undone(client):
        answer = getattr(client, method)(where, data or {}, headers=headers)
    return answer.status_code, _PASSING.sub("", answer.content.decode(errors="replace")) if not answer.streaming else ""


# ---- what is somebody else's
def test_no_number_in_an_address_leads_a_stranger_to_anothers_row(places: Places, caios: Client) -> None:
    """By GET and by POST; and the answer tells nothing: it is that of a number nobody has."""
    leaks = {}
    for name in ROW_NUMBERS:
        elsewhere = {key: NOWHERE if isinstance(value, int) else value for key, value in places[name].items()}
        for method in ("get", "post"):
            theirs = told(caios, method, address(name, places), query(name, places))
            nobodys = told(caios, method, address(name, {name: elsewhere}), query(name, places))
            if (theirs[0] not in (404, 405) and name not in DEAF) or theirs != nobodys:
                leaks[f"{method} {name}"] = (theirs[0], nobodys[0])
    assert leaks == {}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("leads:bulk", {"act": "move", "to": "LOST", "lost_reason": "other", "ids": "{lead}"}),
        ("leads:bulk", {"act": "task", "title": "meu", "due_at": "2030-01-01T10:00", "ids": "{lead}"}),
        ("leads:merge", {"other": "{lead}", "keep": "{own}"}),
        ("leads:task_new", {"lead": "{lead}", "title": "meu", "due_at": "2030-01-01T10:00"}),
        ("conversations:send", {"text": "oi", "quoted": "{message}"}),
        ("conversations:canned_new", {"shortcut": "oi", "text": "x", "shared": "1", "owner": "{ana}"}),
        ("accounts:availability", {"available": "0", "user": "{ana}", "user_id": "{ana}"}),
    ],
)
def test_nor_does_a_number_in_a_form(
    name: str, fields: dict[str, str], places: Places, caios: Client, caio: User, ana: User, new_lead: Callable
) -> None:
    hers = Lead.objects.get(pk=places["leads:detail"]["lead_id"])
    own = new_lead(owner=caio, name="Joana")
    thread = Conversation.objects.get()
    ids = {"lead": hers.pk, "own": own.pk, "message": Message.objects.latest("pk").pk, "ana": ana.pk}
    before = (hers.revision, Task.objects.filter(lead=hers).count(), Message.objects.count(), thread.revision)
    kwargs = {"lead_id": own.pk} if name == "leads:merge" else places.get(name, {})
    caios.post(reverse(name, kwargs=kwargs), {key: value.format(**ids) for key, value in fields.items()})
    hers.refresh_from_db()
    thread.refresh_from_db()
    ana.refresh_from_db()
    after = (hers.revision, Task.objects.filter(lead=hers).count(), Message.objects.count(), thread.revision)
    assert (after, hers.merged_into_id, ana.available) == (before, None, True)


@pytest.mark.parametrize(
    "name", ["leads:board_cards", "leads:list", "leads:people", "workspace:palette", "leads:task_leads"]
)
def test_no_search_and_no_list_shows_anothers_client(name: str, places: Places, caios: Client) -> None:
    lead = Lead.objects.get(pk=places["leads:detail"]["lead_id"])
    Lead.objects.filter(pk=lead.pk).update(name="Segredíssima Vault")
    tries = ["segred", "Segredíssima' OR '1'='1", "%", "_", lead.phone, "') OR 1=1 --", str(lead.pk)]
    for asked in tries:
        every = {
            "q": asked,
            "ids": asked,
            "lead": lead.pk,
            "consultant": lead.consultant_id,
            "owner": lead.consultant_id,
        }
        answer = caios.get(
            reverse(name), {**every, "sort": asked, "order": asked, "ordering": "consultant__user__password"}
        )
        assert answer.status_code in (200, 400, 404) and "Vault" not in answer.content.decode()


@pytest.mark.parametrize(
    "field", ["consultant", "consultant_id", "status", "source", "id", "version", "ai_score", "erased_at"]
)
def test_what_a_form_does_not_offer_cannot_be_set_by_it(
    field: str, caios: Client, caio: User, ana: User, new_lead: Callable
) -> None:
    lead = new_lead(owner=caio)
    forged = {"consultant": ana.pk, "consultant_id": ana.pk, "status": "WON", "id": 4711, "ai_score": 99}.get(
        field, "9"
    )
    assert caios.post(reverse("leads:field", args=[lead.pk, field]), {"value": forged, "was": ""}).status_code == 404
    caios.post(reverse("leads:new"), {"name": "Nova", "phone": "(11) 99812-7777", "consent": "1", field: forged})
    made = Lead.objects.get(name="Nova")
    assert (made.consultant_id, made.status, made.source, made.version) == (caio.pk, "NEW", "manual", 1)
    assert made.pk != 4711 and made.ai_score != 99 and made.erased_at is None


def test_who_was_given_a_lead_away_has_it_no_more_on_any_page(
    places: Places, ana: User, caio: User, browse: Browse
) -> None:
    lead = places["leads:detail"]["lead_id"]
    client = browse(ana)
    lead_assign(lead_id=lead, consultant_id=caio.pk)
    assert client.get(reverse("leads:detail", args=[lead])).status_code == 404
    assert client.get(address("conversations:detail", places)).status_code == 404


# ---- sessions
def test_a_session_planted_before_signing_in_is_worth_nothing_after_it(client: Client, ana: User) -> None:
    client.get(reverse("leads:public_form"))
    client.cookies["sessionid"] = "planted0planted0planted0planted0"
    client.post(reverse("login"), {"username": ana.email, "password": PASSWORD})
    assert client.session.session_key != "planted0planted0planted0planted0"
    planted = Client()
    planted.cookies["sessionid"] = "planted0planted0planted0planted0"
    assert planted.get(reverse("leads:board")).status_code == 302


def test_a_session_that_was_known_before_signing_in_is_another_one_after_it(client: Client, ana: User) -> None:
    session = client.session
    session["known"] = True
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    client.post(reverse("login"), {"username": ana.email, "password": PASSWORD})
    assert client.session.session_key != before
    thief = Client()
    thief.cookies["sessionid"] = before
    assert thief.get(reverse("leads:board")).status_code == 302


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(ana: User, browse: Browse) -> None:
    client, thief = browse(ana), Client()
    thief.cookies["sessionid"] = client.session.session_key
    assert thief.get(reverse("leads:board")).status_code == 200
    client.post(reverse("logout"))
    assert thief.get(reverse("leads:board")).status_code == 302


def test_the_cookies_are_for_this_site_and_the_session_for_no_script(client: Client, ana: User) -> None:
    client.get(reverse("login"))
    client.post(reverse("login"), {"username": ana.email, "password": PASSWORD})
    session, csrf = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert session["httponly"] and session["samesite"] == csrf["samesite"] == "Lax"
    assert not session["domain"] and not csrf["domain"]


# ---- who is there, and what is their password
class Counting(MD5PasswordHasher):
    """A real hasher that knows how often it was asked."""

    times = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.times += 1
        return super().encode(password, salt)


def test_signing_in_tells_not_who_has_an_account(client: Client, ana: User, caio: User, settings: Settings) -> None:
    """The same words and the same work for a wrong password, an unknown address and somebody who left."""
    settings.PASSWORD_HASHERS = ["tests.test_attacks_doors.Counting"]
    for user in (ana, caio):
        user.set_password(PASSWORD)
        user.is_active = user == ana
        user.save()
    answers = []
    for email in (ana.email, "nobody@example.com", caio.email):
        Counting.times = 0
        answer = client.post(reverse("login"), {"username": email, "password": "wrong"})
        page = _PASSING.sub("", answer.content.decode()).replace(email, "")
        answers.append((answer.status_code, page, Counting.times))
    assert answers[0] == answers[1] == answers[2] and answers[0][2] == 1


def test_the_address_of_a_new_password_tells_not_who_has_an_account(client: Client, ana: User) -> None:
    answers = set()
    for key in (ana.pk, NOWHERE):
        kwargs = {
            "uidb64": urlsafe_base64_encode(str(key).encode()),
            "token": "c0ffee-0123456789abcdef0123456789abcdef",
        }
        where = reverse("accounts:password_set", kwargs=kwargs)
        answers.add((client.get(where).status_code, _PASSING.sub("", client.get(where).content.decode())))
    assert len(answers) == 1


FORWARDED = ("X-Forwarded-For", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Cluster-Client-IP")


@pytest.mark.parametrize("header", [*FORWARDED, "Forwarded"])
def test_no_header_makes_a_guesser_somebody_else(header: str, client: Client, ana: User, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    wrong = {"username": ana.email, "password": "wrong"}
    answers = []
    for number in range(4):
        told = f"203.0.113.{number}" if header != "Forwarded" else f"for=203.0.113.{number}"
        answers.append(client.post(reverse("login"), wrong, headers={header: told}).status_code)
    assert answers[-1] == 429


@pytest.mark.parametrize("header", [*FORWARDED, "Forwarded"])
def test_no_header_fills_a_limit_anew(header: str, client: Client, db: None, settings: Settings) -> None:
    settings.THROTTLE_ANONYMOUS = "2/min"
    answers = [
        client.post(
            reverse("leads:public_form"), {}, headers={header: f"for=203.0.113.{n}"[4 * (header != "Forwarded") :]}
        )
        for n in range(3)
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 429]


def test_behind_our_proxy_only_what_it_wrote_itself_counts(client: Client, db: None, settings: Settings) -> None:
    settings.THROTTLE_ANONYMOUS, settings.TRUSTED_PROXIES = "2/min", 1
    where = reverse("leads:public_form")
    made_up = [client.post(where, {}, headers={"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.7"}) for n in range(3)]
    assert [answer.status_code for answer in made_up] == [422, 422, 429]
    assert client.post(where, {}, headers={"X-Forwarded-For": "198.51.100.8"}).status_code == 422
