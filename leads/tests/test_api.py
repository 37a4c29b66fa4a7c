"""`POST /api/leads`: the contract, and every kind of bad input as a clear 4xx."""

import json

import pytest
from django.test import Client

from leads.models import Lead

GOOD = {"name": "Maria Souza", "phone": "+5511998123340"}


@pytest.fixture
def post(db, settings):
    settings.LEADS_API_PUBLIC = False
    settings.LEADS_API_TOKEN = "a-token-for-tests"

    def send(body, *, token: str = "a-token-for-tests", content_type: str = "application/json"):
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return Client().post("/api/leads", data, content_type=content_type, headers=headers)

    return send


def test_a_lead_is_created_with_tracking(post, ana):
    answer = post(
        {**GOOD, "product": "home_equity", "credit_amount": 25_000_000, "utm_source": "google", "consent": True}
    )
    assert answer.status_code == 201
    body = answer.json()
    assert body["consultant"] == {"id": ana.pk, "name": "Ana Clara"}
    lead = Lead.objects.get(pk=body["id"])
    assert (lead.source, lead.tracking, lead.credit_amount) == ("api", {"utm_source": "google"}, 25_000_000)
    assert lead.consented_at is not None


def test_the_same_phone_again_answers_200_with_the_same_lead(post):
    first = post(GOOD).json()
    again = post({**GOOD, "phone": "551198123340"})
    assert again.status_code == 200
    assert again.json()["id"] == first["id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"phone": "+5511998123340"}, "name"),
        ({"name": "Maria"}, "phone"),
        ({**GOOD, "name": ""}, "name"),
        ({**GOOD, "name": " \u0000\u200e "}, "name"),
        ({**GOOD, "name": "x" * 1_000_000}, "name"),
        ({**GOOD, "name": None}, "name"),
        ({**GOOD, "name": ["a"]}, "name"),
        ({**GOOD, "phone": "0011998123340"}, "phone"),
        ({**GOOD, "phone": "abc"}, "phone"),
        ({**GOOD, "phone": "+55 11 99812-3340"}, "phone"),
        ({**GOOD, "phone": "+1234567890123456"}, "phone"),
        ({**GOOD, "phone": "+12"}, "phone"),
        ({**GOOD, "email": "not-an-address"}, "email"),
        ({**GOOD, "product": "yacht"}, "product"),
        ({**GOOD, "credit_amount": -1}, "credit_amount"),
        ({**GOOD, "credit_amount": 10**20}, "credit_amount"),
        ({**GOOD, "credit_amount": "lots"}, "credit_amount"),
        ({**GOOD, "term_months": 0}, "term_months"),
        ({**GOOD, "tracking": "x"}, "tracking"),
        ([], "non_field_errors"),
        ("texto", "non_field_errors"),
    ],
)
def test_bad_fields_are_named(post, body, field):
    answer = post(json.dumps(body))
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] in ("invalid", "invalid_phone")
    assert field in error["fields"]
    assert not Lead.objects.exists()


@pytest.mark.parametrize("body", ["{", "", "\x00", "{'a': 1}", b"\xff\xfe", "NaN", "[" * 5000])
def test_broken_json_is_a_400(post, body):
    answer = post(body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] in ("parse_error", "invalid")


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""])
def test_another_content_type_is_a_415(post, content_type):
    assert post("x", content_type=content_type).status_code == 415


def test_emoji_and_accents_are_kept_as_they_came(post):
    post({**GOOD, "name": "José 🚀 <b>Ñandú</b>"})
    assert Lead.objects.get().name == "José 🚀 <b>Ñandú</b>"


def test_without_a_token_it_is_a_401_and_with_a_wrong_one_too(post):
    assert post(GOOD, token="").status_code == 401
    assert post(GOOD, token="wrong").status_code == 401
    assert post(GOOD, token="é\u00ff").status_code == 401


def test_a_body_over_the_limit_is_a_413(post, settings):
    answer = post(json.dumps({**GOOD, "message": "x" * settings.BODY_LIMIT_BYTES}))
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"


def test_other_methods_are_refused(db):
    assert Client().put("/api/leads").status_code in (401, 403, 405)
    assert Client().get("/api/leads").status_code in (401, 403, 405)


def test_too_many_requests_are_told_to_wait(post, settings):
    settings.THROTTLE_USER = "2/min"
    answers = [post({**GOOD, "phone": f"+55119981233{number}"}) for number in (40, 41, 42)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_signed_in_page_posts_with_csrf_only(ana, settings, client):
    settings.LEADS_API_PUBLIC = False
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    assert strict.post("/api/leads", json.dumps(GOOD), content_type="application/json").status_code == 403
