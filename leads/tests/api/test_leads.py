"""Leads by the API: who sees which, what each route takes and answers, and what it refuses."""

import json
from datetime import timedelta

import pytest

from crm.accounts.models import Access
from crm.api.scopes import Scope
from crm.api.tests.asking import program
from crm.core.clock import now
from leads.actors import person
from leads.api.answers import LeadAnswer
from leads.merge import leads_merge
from leads.models import Consent, InteractionKind, Lead
from leads.pipeline import Status

JSON = "application/json"
GOOD = {"name": "Maria Souza", "phone": "+5511998120000"}
BAD = [
    ({"phone": "+5511998120000"}, "name"),
    ({**GOOD, "name": " \u200e "}, "name"),
    ({**GOOD, "name": 7}, "name"),
    ({**GOOD, "phone": "abc"}, "phone"),
    ({**GOOD, "email": "nobody"}, "email"),
    ({**GOOD, "uf": "XX"}, "uf"),
    ({**GOOD, "product": "yacht"}, "product"),
    ({**GOOD, "credit_amount": "100"}, "credit_amount"),
    ({**GOOD, "credit_amount": -1}, "credit_amount"),
    ({**GOOD, "credit_amount": True}, "credit_amount"),
    ({**GOOD, "term_months": 10**400}, "term_months"),
    ({**GOOD, "consent": "yes"}, "consent"),
    ({**GOOD, "tracking": {"colour": "red"}}, "tracking.colour"),
    ({**GOOD, "utm_source": "google"}, "utm_source"),
    ({**GOOD, "status": "WON"}, "status"),
    ({**GOOD, "\ud800": 1}, ""),
    ({**GOOD, "product": "\ud800"}, "product"),
    ([], "non_field_errors"),
]
NO_DATA = [
    "id", "status", "consultant", "consultant_id", "ai_score", "ai_temperature", "rank", "revision", "version",
    "source", "won_amount", "lost_reason", "consented_at", "created_at", "erased_at", "merged_into", "phone_key",
    "transfer_summary", "tracking",
]  # fmt: skip


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_a_list_holds_what_one_may_see(ana, caio, bruno, new_lead):
    hers, his, nobodys = new_lead(owner=ana), new_lead(owner=caio), new_lead()
    assert ids(program(ana).get("/api/v1/leads")) == [nobodys.pk, hers.pk]
    assert ids(program(caio).get("/api/v1/leads")) == [nobodys.pk, his.pk]
    assert ids(program(bruno).get("/api/v1/leads")) == [nobodys.pk, his.pk, hers.pk]


def test_a_lead_is_told_alike_in_the_list_and_alone_and_as_it_is_described(ana, new_lead):
    lead, client = new_lead(owner=ana, credit_amount=25_000_000), program(ana)
    alone = client.get(f"/api/v1/leads/{lead.pk}").json()
    assert client.get("/api/v1/leads").json()["results"] == [alone]
    assert set(alone) == set(LeadAnswer().fields)
    assert (alone["credit_amount"], alone["consultant"]) == (25_000_000, {"id": ana.pk, "name": "Ana Clara"})
    assert alone["created_at"].endswith("Z")


def test_a_strangers_lead_does_not_exist(ana, caio, new_lead):
    lead, client = new_lead(owner=ana), program(caio)
    place = f"/api/v1/leads/{lead.pk}"
    assert client.get(place).status_code == 404
    assert client.patch(place, {"name": "Mine"}, format="json").status_code == 404
    for part in ("move", "assign", "notes"):
        assert client.post(f"{place}/{part}", {}, format="json").status_code == 404
    for part in ("interactions", "notes"):
        assert client.get(f"{place}/{part}").status_code == 404
    assert client.get(f"/api/v1/leads/{10**30}").status_code == 404
    lead.refresh_from_db()
    assert lead.name == "Maria Souza"


def test_a_key_does_what_its_scopes_say(ana, new_lead):
    lead, reader = new_lead(owner=ana), program(ana, Scope.LEADS_READ)
    assert reader.get(f"/api/v1/leads/{lead.pk}").status_code == 200
    refused = reader.patch(f"/api/v1/leads/{lead.pk}", {"name": "X"}, format="json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope")
    assert reader.post("/api/v1/leads", GOOD, format="json").status_code == 403
    other = program(ana, Scope.ANALYTICS_READ)
    assert other.get(f"/api/v1/leads/{lead.pk}").status_code == 403
    assert other.head(f"/api/v1/leads/{lead.pk}").status_code == 403


def test_reading_a_lead_is_noted_and_a_list_is_not(ana, new_lead, django_capture_on_commit_callbacks):
    lead, client = new_lead(owner=ana), program(ana)
    with django_capture_on_commit_callbacks(execute=True):
        client.get("/api/v1/leads")
    assert not Access.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.get(f"/api/v1/leads/{lead.pk}")
    assert Access.objects.get().lead_id == lead.pk


def test_a_lead_is_created_with_consent_and_tracking_and_assigned(ana):
    body = {**GOOD, "product": "home_equity", "consent": True, "tracking": {"utm_source": "google"}}
    answer = program(ana).post("/api/v1/leads", body, format="json")
    assert answer.status_code == 201
    told = answer.json()
    assert told["created"]
    assert told["lead"]["consultant"]["id"] == ana.pk
    lead = Lead.objects.get(pk=told["id"])
    assert (lead.source, lead.tracking, lead.product) == ("api", {"utm_source": "google"}, "home_equity")
    assert Consent.objects.get(lead=lead).given


def test_a_known_phone_tells_a_stranger_nothing_of_its_lead(ana, caio, new_lead):
    lead = new_lead(owner=ana, phone="+5511998120000", email="maria@example.com")
    answer = program(caio).post("/api/v1/leads", {**GOOD, "phone": "11 99812-0000"}, format="json")
    assert answer.status_code == 200
    assert answer.json() == {"id": lead.pk, "created": False, "lead": None}


def test_the_same_post_with_one_key_is_done_once(ana):
    client = program(ana)
    send = [client.post("/api/v1/leads", GOOD, format="json", headers={"Idempotency-Key": "k1"}) for _n in (1, 2)]
    assert [answer.status_code for answer in send] == [201, 201]
    assert send[1].headers["Idempotency-Replayed"] == "true"
    assert send[0].json() == send[1].json()
    other = client.post("/api/v1/leads", {**GOOD, "name": "Ana"}, format="json", headers={"Idempotency-Key": "k1"})
    assert other.status_code == 422
    assert Lead.objects.count() == 1


def test_bad_fields_are_named_and_nothing_is_kept(ana):
    client = program(ana)
    for body, field in BAD:
        sent = json.dumps(body)  # which writes halves of characters too
        answer = client.generic("POST", "/api/v1/leads", sent, JSON)
        assert answer.status_code == 400, body
        assert field in answer.json()["error"]["fields"], body
    assert not Lead.objects.exists()


def test_what_is_no_data_of_the_client_cannot_be_written(ana, new_lead):
    lead = new_lead(owner=ana)
    before = Lead.objects.values().get(pk=lead.pk)
    answer = program(ana).patch(
        f"/api/v1/leads/{lead.pk}", {"name": "Other", **dict.fromkeys(NO_DATA, 1)}, format="json"
    )
    assert answer.status_code == 400
    assert sorted(answer.json()["error"]["fields"]) == sorted(NO_DATA)
    assert Lead.objects.values().get(pk=lead.pk) == before


def test_data_is_changed_emptied_and_leaves_a_trace(ana, new_lead):
    lead = new_lead(owner=ana, email="maria@example.com", credit_amount=10)
    body = {"city": " São  Paulo ", "email": "", "credit_amount": None, "uf": "SP"}
    answer = program(ana).patch(f"/api/v1/leads/{lead.pk}", body, format="json")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["city"], told["email"], told["credit_amount"], told["uf"]) == ("São Paulo", "", None, "SP")
    trace = lead.interactions.first()
    assert (trace.kind, trace.actor, sorted(trace.data["changes"])) == (InteractionKind.UPDATED, ana, sorted(body))


def test_another_leads_phone_cannot_be_taken(ana, new_lead):
    new_lead(owner=ana, phone="+5511998120000")
    lead = new_lead(owner=ana)
    answer = program(ana).patch(f"/api/v1/leads/{lead.pk}", {"phone": "(11) 99812-0000"}, format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "phone_taken")


def test_a_change_for_another_state_is_refused_and_a_known_state_is_not_sent_again(ana, new_lead):
    lead, client = new_lead(owner=ana), program(ana)
    place = f"/api/v1/leads/{lead.pk}"
    first = client.get(place).headers["ETag"]
    assert client.get(place, headers={"If-None-Match": first}).status_code == 304
    done = client.patch(place, {"city": "Recife"}, format="json", headers={"If-Match": first})
    assert (done.status_code, done.headers["ETag"]) == (200, client.get(place).headers["ETag"])
    late = client.patch(place, {"city": "Natal"}, format="json", headers={"If-Match": first})
    assert (late.status_code, late.json()["error"]["code"]) == (412, "stale")
    assert client.patch(place, {"city": "Natal"}, format="json").json()["city"] == "Natal"


def test_the_state_of_a_record_is_all_that_is_told_of_it(ana, new_lead):
    """Names of others with it, which leave the lead's own row as it is."""
    lead, client = new_lead(owner=ana), program(ana)
    place = f"/api/v1/leads/{lead.pk}"
    tag = client.get(place).headers["ETag"]
    ana.name = "Ana Lima"
    ana.save()
    again = client.get(place, headers={"If-None-Match": tag})
    assert (again.status_code, again.json()["consultant"]["name"]) == (200, "Ana Lima")
    assert client.patch(place, {"city": "Natal"}, format="json", headers={"If-Match": tag}).status_code == 412


@pytest.mark.parametrize("depth", [40, 900, 5000])
def test_a_body_nested_without_end_is_refused_however_deep(ana, depth):
    """Also where it is read, and a refusal that repeats it is not written any more."""
    body = f'{{"product": {"[" * depth}{"]" * depth}}}'
    answer = program(ana).generic("POST", "/api/v1/leads", body, JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "parse_error")


def test_a_move_follows_the_pipeline(ana, new_lead):
    lead, client = new_lead(owner=ana), program(ana)

    def move(**body):
        return client.post(f"/api/v1/leads/{lead.pk}/move", body, format="json")

    assert move(to="CONTACTED", version=1).json()["status"] == "CONTACTED"
    assert move(to="QUALIFIED", version=1).json()["error"]["code"] == "stale"
    assert move(to="WON").json()["error"]["code"] == "won_amount_required"
    refusal = move(to="LOST", lost_reason="boredom").json()["error"]
    assert refusal["code"] == "lost_reason_required" and "no_answer" in refusal["fields"]["lost_reason"][1]
    assert move(to="NOWHERE").status_code == 400
    won = move(to="WON", won_amount=30_000_000)
    assert (won.status_code, won.json()["won_amount"]) == (200, 30_000_000)
    assert won.headers["ETag"] == client.get(f"/api/v1/leads/{lead.pk}").headers["ETag"]
    assert move(to="PROPOSAL").json()["error"]["code"] == "move_refused"


def test_managers_assign_and_for_others_there_is_no_such_address(ana, caio, bruno, new_lead):
    lead = new_lead(owner=ana)
    place = f"/api/v1/leads/{lead.pk}/assign"
    assert program(ana).post(place, {"consultant_id": caio.pk}, format="json").status_code == 404
    manager = program(bruno)
    given = manager.post(place, {"consultant_id": caio.pk, "reason": "holidays"}, format="json")
    assert given.json()["consultant"]["id"] == caio.pk
    assert given.headers["ETag"] == manager.get(f"/api/v1/leads/{lead.pk}").headers["ETag"]
    assert lead.interactions.first().data["reason"] == "holidays"
    assert manager.post(place, {"consultant_id": None}, format="json").status_code == 200
    assert manager.post(place, {"consultant_id": 10**9}, format="json").status_code == 404
    assert manager.post(place, {}, format="json").status_code == 400


def test_a_merged_lead_answers_as_the_one_it_lives_on_in(ana, bruno, new_lead):
    keep, gone = new_lead(owner=ana), new_lead(owner=ana, phone="+5511998120000")
    leads_merge(keep_id=keep.pk, gone_id=gone.pk, actor=person(bruno))
    client = program(ana)
    assert client.get(f"/api/v1/leads/{gone.pk}").json()["id"] == keep.pk
    assert ids(client.get("/api/v1/leads", {"phone": "+5511998120000"})) == [keep.pk]
    kinds = {row["kind"] for row in client.get(f"/api/v1/leads/{keep.pk}/interactions").json()["results"]}
    assert {"created", "merged"} <= kinds


def test_an_erased_lead_holds_no_words_and_takes_none(ana, new_lead):
    lead = new_lead(owner=ana)
    Lead.objects.filter(pk=lead.pk).update(erased_at=now(), name="", phone="", phone_key="")
    client = program(ana)
    assert client.get(f"/api/v1/leads/{lead.pk}").json()["erased_at"]
    answer = client.patch(f"/api/v1/leads/{lead.pk}", {"name": "Again"}, format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "erased")


def test_what_was_done_is_told_in_words_and_by_kind(ana, new_lead):
    lead, client = new_lead(owner=ana), program(ana)
    client.post(f"/api/v1/leads/{lead.pk}/move", {"to": "CONTACTED"}, format="json")
    rows = client.get(f"/api/v1/leads/{lead.pk}/interactions", {"kind": "moved"}).json()["results"]
    assert [(row["by"]["id"], row["data"]["to"]) for row in rows] == [(ana.pk, Status.CONTACTED)]
    assert rows[0]["text"]
    later = (now() + timedelta(hours=1)).isoformat()
    assert ids(client.get(f"/api/v1/leads/{lead.pk}/interactions", {"created_after": later})) == []


def test_notes_are_written_once_and_read(ana, new_lead):
    lead, client = new_lead(owner=ana), program(ana)
    place = f"/api/v1/leads/{lead.pk}/notes"
    sent = [
        client.post(place, {"text": "Prefers mornings"}, format="json", headers={"Idempotency-Key": "n"})
        for _n in (1, 2)
    ]
    assert [answer.status_code for answer in sent] == [201, 201]
    rows = client.get(place).json()["results"]
    assert [(row["text"], row["author"]["id"]) for row in rows] == [("Prefers mornings", ana.pk)]
    assert client.post(place, {"text": "  "}, format="json").status_code == 400


def test_consultants_are_everybodys_for_managers_and_oneself_for_others(ana, caio, bruno, new_lead):
    new_lead(owner=ana)
    rows = program(bruno).get("/api/v1/consultants").json()["results"]
    assert [(row["id"], row["open_leads"]) for row in rows] == [(ana.pk, 1), (caio.pk, 0)]
    assert ids(program(caio).get("/api/v1/consultants")) == [caio.pk]
