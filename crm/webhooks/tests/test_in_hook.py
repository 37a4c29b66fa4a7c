"""Other systems call the address of a source: what they send becomes a lead, once, and nothing of it is lost."""

import hmac
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import structlog
from django.db import connection
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.privacy import Subject, erase, gather
from crm.core.work import unit
from crm.logs import masked
from crm.webhooks.arriving import arrivals_forget
from crm.webhooks.models import Arrival, ArrivalState, Source
from crm.webhooks.sources import source_create, source_map, source_pause, source_rekey, source_sign
from leads.models import Consent, Lead
from leads.models import Source as LeadSource

pytestmark = pytest.mark.django_db

MARIA = {"id": "ev-1", "lead": {"nome": "Maria Souza", "fone": "(11) 99812-3340", "aceite": "sim", "cpf": "1"}}
MAPPING = {"name": "lead.nome", "phone": "lead.fone", "consent": "lead.aceite", "credit_amount": "lead.valor"}
Call = Callable[..., Any]


@pytest.fixture
def made(bruno: User) -> tuple[Source, str]:
    source, key = source_create(name="Formulário do site", user=bruno)
    return source_map(source_id=source.pk, mapping=MAPPING, id_path="", user=bruno), key


@pytest.fixture
def source(made: tuple[Source, str]) -> Source:
    return made[0]


@pytest.fixture
def call(made: tuple[Source, str]) -> Call:
    source, key = made

    def send(body: Any = MARIA, *, key: str = key, prefix: str = source.prefix, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {key}", **headers}
        kind = headers.pop("content_type", "application/json")
        return Client().post(reverse("hooks:leads", args=[prefix]), raw, content_type=kind, headers=headers)

    return send


def test_what_is_mapped_becomes_a_lead_and_nothing_else_does(call: Call, source: Source) -> None:
    answer = call()
    assert answer.status_code == 201, answer.content
    lead = Lead.objects.get()
    assert (lead.name, lead.phone, lead.source) == ("Maria Souza", "+5511998123340", LeadSource.API)
    assert lead.consented_at and Consent.objects.get().evidence["webhook"] == source.pk
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.lead_id, arrival.body) == (ArrivalState.TAKEN, lead.pk, MARIA)
    assert answer.json() == {"id": arrival.pk, "state": "taken", "times": 1, "left_out": {}}
    source.refresh_from_db()
    assert source.last_used_at


def test_without_a_yes_there_is_no_consent(call: Call) -> None:
    call({"lead": {**MARIA["lead"], "aceite": "não"}})
    assert Lead.objects.get().consented_at is None and not Consent.objects.exists()


def test_the_same_event_again_gets_the_same_answer_and_is_counted(call: Call, source: Source, bruno: User) -> None:
    source_map(source_id=source.pk, mapping=MAPPING, id_path="id", user=bruno)
    first = call().json()
    again = call({**MARIA, "sent_again_at": 12})
    assert again.status_code == 200 and again.json() == {**first, "times": 2}
    assert call({**MARIA, "id": "ev-2"}).status_code == 201  # another event of the same person
    assert Lead.objects.count() == 1
    assert list(Arrival.objects.order_by("pk").values_list("state", "times")) == [("taken", 2), ("known", 1)]


def test_without_a_number_the_header_or_the_body_tells_events_apart(call: Call) -> None:
    statuses = [
        call().status_code,
        call().status_code,
        call({**MARIA, "x": 1}, **{"Idempotency-Key": "k"}).status_code,
        call({**MARIA, "x": 2}, **{"Idempotency-Key": "k"}).status_code,
    ]
    assert statuses == [201, 200, 201, 200]


def test_the_answer_does_not_tell_who_is_a_client_already(call: Call, new_lead: Callable[..., Lead]) -> None:
    new_lead(phone="+5511998123340")
    known = call()
    stranger = call({"lead": {"nome": "João", "fone": "(11) 99812-3341"}})
    assert known.status_code == stranger.status_code == 201
    assert known.json().keys() == stranger.json().keys() and known.json()["state"] == stranger.json()["state"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_lead(call: Call) -> None:
    def at_once(_number: int) -> int:
        try:
            return call().status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(at_once, range(4)))
    assert statuses == [200, 200, 200, 201]
    assert Lead.objects.count() == 1 and Arrival.objects.get().times == 4
    assert Consent.objects.count() == 1


def test_what_is_no_lead_is_told_kept_and_taken_once_it_is_mended(call: Call) -> None:
    answer = call({"lead": {"nome": "Maria", "fone": "ligue"}}, **{"Idempotency-Key": "one"})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "not_understood" and "phone" in answer.json()["error"]["fields"]
    arrival = Arrival.objects.get()
    assert arrival.state == ArrivalState.REFUSED and arrival.body["lead"]["fone"] == "ligue"
    again = call(MARIA, **{"Idempotency-Key": "one"})
    assert again.json()["id"] == arrival.pk and again.json()["state"] == "taken"
    assert Lead.objects.count() == 1


def test_long_keys_of_repetition_that_begin_alike_are_two(call: Call) -> None:
    other = {"lead": {"nome": "João", "fone": "11998123341"}}
    answers = [call(body, **{"Idempotency-Key": "k" * 300 + end}) for body, end in ((MARIA, "1"), (other, "2"))]
    assert [answer.status_code for answer in answers] == [201, 201] and Lead.objects.count() == 2


def test_what_cannot_be_read_beside_the_phone_does_not_cost_the_lead(call: Call) -> None:
    answer = call({"lead": {**MARIA["lead"], "valor": "muito"}})
    assert answer.status_code == 201 and list(answer.json()["left_out"]) == ["credit_amount"]
    assert Lead.objects.get().credit_amount is None


def test_a_form_may_call_with_its_key_in_the_address(made: tuple[Source, str], bruno: User) -> None:
    source, key = made
    source_map(source_id=source.pk, mapping={"phone": '"your-phone"', "name": '"data[name]"'}, id_path="", user=bruno)
    address = reverse("hooks:leads_keyed", args=[source.prefix, key])
    form = {"your-phone": "11998123340", "data[name]": "Maria"}
    answer = Client().post(address, "&".join(f"{k}={v}" for k, v in form.items()),
                           content_type="application/x-www-form-urlencoded")  # fmt: skip
    assert answer.status_code == 201 and Lead.objects.get().name == "Maria"


def test_no_log_line_holds_a_key_that_stood_in_an_address() -> None:
    path = "/hooks/leads/ab12/hook_s3-Cret"
    line = {"event": "request_started", "request": f"POST {path}", "n": 1}
    astray = f"/hooks/lead?key=hook_{'s3-Cret' * 6}"
    assert masked(None, "", {"event": astray}) == {"event": "/hooks/lead?key=…"}
    assert masked(None, "", line) == {"event": "request_started", "request": "POST /hooks/leads/ab12/…", "n": 1}
    record = logging.makeLogRecord({"name": "django.request", "msg": "Not Found: %s", "args": (path,)})
    formatters = [handler.formatter for handler in logging.root.handlers]
    ours = next(each for each in formatters if isinstance(each, structlog.stdlib.ProcessorFormatter))
    told = ours.format(record)
    assert "Not Found: /hooks/leads/ab12/…" in told and "Cret" not in told


@pytest.mark.parametrize("key", ["", "hook_wrong", "livia_x", "\x7f"])
def test_a_wrong_key_and_an_unknown_address_are_answered_alike(call: Call, key: str) -> None:
    wrong, unknown = call(key=key), call(key=key, prefix="0" * 12)
    assert wrong.status_code == unknown.status_code == 401 and wrong.json() == unknown.json()
    assert not Arrival.objects.exists()


def test_a_new_key_ends_the_old_one_and_a_pause_ends_all(call: Call, source: Source, bruno: User) -> None:
    _source, key = source_rekey(source_id=source.pk, user=bruno)
    assert call().status_code == 401 and call(key=key).status_code == 201
    source_pause(source_id=source.pk, on=True, user=bruno)
    refused = call(key=key)
    assert refused.status_code == 403 and refused.json()["error"]["code"] == "paused"


def test_wrong_keys_run_into_the_limit_of_their_address_and_many_calls_into_the_sources(call: Call, settings) -> None:
    settings.THROTTLE_ANONYMOUS, settings.THROTTLE_USER = "2/min", "1/min"
    assert [call(key="hook_wrong").status_code for _time in range(3)] == [401, 401, 429]
    assert call().status_code == 201
    limited = call()
    assert limited.status_code == 429 and int(limited["Retry-After"]) > 0


@pytest.mark.parametrize("header", ["X-Hub-Signature-256", "X-Signature", "Livia-Signature"])
def test_where_signatures_are_asked_for_only_the_senders_own_body_counts(
    call: Call, source: Source, bruno: User, header: str
) -> None:
    secret = source_sign(source_id=source.pk, on=True, user=bruno).signing_secret
    raw, moment = json.dumps(MARIA).encode(), int(time.time())

    def signed(body: bytes, at: int = moment) -> str:
        if header != "Livia-Signature":
            return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()
        return f"t={at},v1=" + hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()

    assert call(raw).status_code == 401
    assert call(raw, **{header: signed(raw + b" ")}).status_code == 401
    assert call(raw, **{header: "t=,v1=é"}).status_code == 401
    if header == "Livia-Signature":
        assert call(raw, **{header: signed(raw, moment - 301)}).status_code == 401
    assert call(raw, **{header: signed(raw)}).status_code == 201
    # A copy of the call under another key of repetition is still the same event.
    assert call(raw, **{header: signed(raw), "Idempotency-Key": "other"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"lead": {"fone": "\\u0000"}}', "application/json", 422),
        (b'"text"', "application/json", 422),
        (b"x" * (1024 * 1024 + 1), "application/json", 413),
        (b"a=1&" * 600, "application/x-www-form-urlencoded", 413),
        (b"<lead/>", "application/xml", 415),
        (b"", "multipart/form-data", 415),
    ],
)
def test_what_is_no_call_of_a_webhook_is_refused_not_broken(call: Call, body: bytes, kind: str, status: int) -> None:
    answer = call(body, content_type=kind)
    assert answer.status_code == status and answer.json()["error"]["code"]


def test_an_erased_client_leaves_no_word_and_does_not_come_back(call: Call, source: Source) -> None:
    call()
    call({"lead": {"nome": "Maria Souza", "fone": "?"}, "tel": "11 99812 3340"})
    call({"lead": {"nome": "João", "fone": "11998123341", "indicou": "11998123340"}})
    lead = Lead.objects.get(phone="+5511998123340")
    maria = Subject(lead_ids=(lead.pk,), phones=("+5511998123340",), names=("Maria Souza",))
    assert gather(maria)["arrivals"][0]["values"] == MARIA
    with unit():
        erase(maria)
    assert list(Arrival.objects.order_by("pk").values_list("state", "body")) == [("taken", None), ("taken", None)]
    assert call().json()["times"] == 2


def test_a_namesake_keeps_what_they_sent(call: Call) -> None:
    call({"lead": {"nome": "Maria Souza", "fone": "11998123341"}})
    with unit():
        erase(Subject(lead_ids=(0,), phones=("+5511998123340",), names=("Maria Souza",)))
    assert Arrival.objects.get().body


def test_what_is_old_is_forgotten(call: Call, settings) -> None:
    call()
    assert arrivals_forget() == 0
    Arrival.objects.update(at=now() - timedelta(days=settings.WEBHOOK_KEEP_DAYS + 1))
    assert arrivals_forget() == 1
