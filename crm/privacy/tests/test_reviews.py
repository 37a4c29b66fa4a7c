"""Article 20: a decision explained, a person's review of it, and that it stands against rules and model."""

import pytest

from agent.models import ClassificationSource, LeadClassification
from agent.scoring import classification_record
from agent.turns import turn_run
from crm.core.errors import Conflict, Invalid
from crm.privacy.explaining import decision_of
from crm.privacy.models import Review
from crm.privacy.reviews import Verdict, review_ask, review_close, review_lift, reviews_context
from crm.realtime.models import Notification
from leads.actors import CLIENT, LIVIA, SYSTEM, person
from leads.classification import Classification
from leads.merge import leads_merge
from leads.models import Interaction, Lead
from leads.services import lead_assign

RULES = ClassificationSource.RULES
COLD = Classification("COLD", 10, [{"code": "browsing", "points": -15, "text": "Está só pesquisando"}])
HOT = Classification("HOT", 90, [{"code": "credit_amount", "points": 20, "text": "Disse quanto precisa"}])


@pytest.fixture
def lead(ana, new_lead):
    lead = new_lead(owner=ana, credit_amount=18_000_000, product="home_equity")
    classification_record(lead_id=lead.pk, result=COLD, source=RULES)
    return lead


def judged(lead: Lead) -> tuple[str, int]:
    lead.refresh_from_db()
    return lead.ai_temperature, lead.ai_score


def changed(**values) -> Verdict:
    return Verdict(**{"outcome": "changed", "explanation": "Ligamos para a cliente.", **values})


def test_a_client_asks_once_and_managers_hear_of_it(lead, ana, bruno, browse):
    for _click in range(2):
        answer = browse(ana).post(f"/privacy/leads/{lead.pk}/review/", {"what": "score", "channel": "phone"})
        assert answer.status_code == 302
    review = Review.objects.get()
    assert (review.asked_by, review.channel, review.what, review.state) == (ana, "phone", "score", "open")
    assert Interaction.objects.get(kind="review_asked").data["review"] == review.pk
    note = Notification.objects.get(kind="review_asked")
    assert (note.user, note.url) == (bruno, f"/privacy/reviews/{review.pk}/")
    assert [each.pk for each in reviews_context()["reviews_waiting"]] == [review.pk]
    assert browse(ana).post(f"/privacy/leads/{lead.pk}/review/", {"what": "all", "channel": "phone"}).status_code == 400


def test_a_persons_judgement_stands_until_a_manager_lifts_it(lead, bruno):
    review = review_ask(lead_id=lead.pk, what="score", channel="whatsapp", actor=CLIENT)
    review_close(review_id=review.pk, verdict=changed(temperature="HOT", score=80), reviewer=bruno)
    assert judged(lead) == ("HOT", 80)
    classification_record(lead_id=lead.pk, result=Classification("WARM", 30, []), source=RULES)
    assert judged(lead) == ("HOT", 80)
    assert LeadClassification.objects.filter(lead=lead).first().temperature == "WARM"  # written down, and no more
    assert decision_of(lead).standing.reviewer == bruno
    review_lift(review_id=review.pk, actor=person(bruno))
    assert judged(lead) == ("WARM", 30)
    classification_record(lead_id=lead.pk, result=HOT, source=RULES)
    assert judged(lead) == ("HOT", 90)
    with pytest.raises(Conflict):
        review_lift(review_id=review.pk, actor=person(bruno))


def test_a_client_who_asks_livia_for_a_person_is_written_down(says, bruno):
    message = says("quero que uma pessoa revise essa decisão automática")
    turn_run(conversation_id=message.conversation_id)
    review = Review.objects.get()
    assert (review.lead_id, review.channel, review.asked_by) == (message.conversation.lead_id, "whatsapp", None)
    assert Notification.objects.filter(kind="review_asked", user=bruno).count() == 1


def test_another_consultant_may_be_the_outcome(lead, caio, bruno):
    review = review_ask(lead_id=lead.pk, what="transfer", channel="email", actor=CLIENT)
    review_close(review_id=review.pk, verdict=changed(consultant_id=caio.pk), reviewer=bruno)
    lead.refresh_from_db()
    assert (lead.consultant_id, judged(lead)) == (caio.pk, ("COLD", 10))
    assert decision_of(lead).handings[0].name == "Caio"


@pytest.mark.parametrize(
    "values",
    [
        {"outcome": "maybe"},
        {"outcome": "kept", "explanation": "  "},
        {"explanation": "x" * 2001, "temperature": "HOT", "score": 80},
        {},
        {"temperature": "WARMER", "score": 10},
        {"temperature": "HOT"},
        {"temperature": "HOT", "score": 101},
    ],
)
def test_a_half_outcome_is_refused_and_changes_nothing(lead, bruno, values):
    review = review_ask(lead_id=lead.pk, what="both", channel="person", actor=CLIENT)
    with pytest.raises(Invalid):
        review_close(review_id=review.pk, verdict=changed(**values), reviewer=bruno)
    review.refresh_from_db()
    assert (review.state, judged(lead)) == ("open", ("COLD", 10))


def test_a_review_is_done_once(lead, bruno, browse):
    review = review_ask(lead_id=lead.pk, what="score", channel="person", actor=CLIENT)
    page = browse(bruno)
    wrong = page.post(f"/privacy/reviews/{review.pk}/", {"outcome": "changed", "explanation": "Ligamos", "score": "x"})
    assert wrong.status_code == 400 and b"Ligamos</textarea>" in wrong.content
    kept = {"outcome": "kept", "explanation": "Conferimos <tudo>: vale o que estava."}
    assert page.post(f"/privacy/reviews/{review.pk}/", {**kept, "explanation": "\x00"}).status_code == 400
    assert (
        page.post(f"/privacy/reviews/{review.pk}/", {**kept, "explanation": f"{kept['explanation']}\x00"}).status_code
        == 302
    )
    assert page.post(f"/privacy/reviews/{review.pk}/", kept).status_code == 409
    assert "Conferimos &lt;tudo&gt;" in page.get(f"/privacy/leads/{lead.pk}/decision/").content.decode()
    assert Interaction.objects.filter(kind="reviewed").count() == 1


def test_the_explanation_names_data_reasons_and_who_gave_the_lead_to_whom(lead, ana, bruno, browse):
    lead_assign(lead_id=lead.pk, consultant_id=ana.pk, actor=LIVIA)
    classification_record(lead_id=lead.pk, result=HOT, source=RULES)
    text = browse(ana).get(f"/privacy/leads/{lead.pk}/decision/").content.decode()
    assert "Disse quanto precisa" in text and "R$\xa0180.000,00" in text and "+20" in text
    assert "Ana" in text and "art. 20" in text
    lead_assign(lead_id=lead.pk, actor=person(bruno), consultant_id=None)
    assert browse(bruno).get(f"/privacy/leads/{lead.pk}/decision/").status_code == 200


def test_of_two_merged_leads_one_request_and_the_persons_judgement_stay(lead, ana, bruno, new_lead):
    other = new_lead(name="Maria S.")
    classification_record(lead_id=other.pk, result=HOT, source=RULES)
    for each in (lead, other):
        review_ask(lead_id=each.pk, what="score", channel="person", actor=CLIENT)
    done = review_ask(lead_id=lead.pk, what="both", channel="person", actor=CLIENT)
    review_close(review_id=done.pk, verdict=changed(temperature="WARM", score=40), reviewer=bruno)
    leads_merge(keep_id=lead.pk, gone_id=other.pk, actor=SYSTEM)
    assert judged(lead) == ("WARM", 40)
    assert Review.objects.filter(lead=lead, state="open").count() == 1
