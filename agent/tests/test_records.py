"""What a turn leaves behind: for audit and replay, for the lead, and at a constant price."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agent.catalogue import policies, prompts_seed
from agent.models import ClassificationSource, LeadClassification, ProductVersion, PromptVersion, Turn
from agent.scoring import classification_record, classify_values
from agent.tests.conftest import reply
from agent.turns import turn_run
from conversations.models import Conversation, Message, MessageState, TranscriptState
from crm.core.clock import now
from leads.classification import Classification
from leads.models import Lead

KIND = "Anotado! E qual é o seu nome, por favor?"


@pytest.fixture
def turn_of(says):
    def answer(text: str, **changes: object) -> Turn:
        turn = turn_run(conversation_id=says(text, **changes).conversation_id).turn
        assert turn is not None
        return turn

    return answer


def test_a_turn_by_the_model_is_written_down_whole(turn_of, groq):
    groq()
    turn = turn_of("oi, preciso de 90 mil")
    assert turn.path[0] == "rules" and "model" in turn.path
    assert (turn.model_status, turn.model_error, turn.breaker) == (200, "", "closed")
    assert turn.request_id == "req_000001"
    assert turn.attempts == [
        {
            "model": "openai/gpt-oss-120b",
            "status": 200,
            "error": "",
            "ms": turn.attempts[0]["ms"],
            "request_id": "req_000001",
        }
    ]
    assert turn.tokens_in > turn.tokens_cached > 0 and turn.tokens_out > turn.tokens_reasoning == 40
    assert turn.queue_ms == 21
    assert turn.wall_ms >= turn.model_ms + turn.own_ms - 2 and turn.own_ms > 0
    assert turn.prompt_version == PromptVersion.objects.get(stage="INTRO")
    assert turn.context_version >= 1 and turn.context
    assert '"reply"' in turn.raw_output and turn.confidence == 0.9
    assert turn.products == {version.code: version.pk for version in ProductVersion.objects.all()}
    assert turn.slot_sources == {"credit_amount": turn.message_ids[0]}


def test_a_second_model_that_answers_is_written_down_after_the_first(turn_of, groq):
    groq({"status": 503, "body": "{}", "repeat_next": "ok"})
    turn = turn_of("oi")
    assert [(attempt["status"], attempt["error"]) for attempt in turn.attempts] == [(503, "http_503"), (200, "")]
    assert turn.model == "openai/gpt-oss-20b"


def test_every_figure_of_a_reply_is_traced(turn_of, groq):
    groq(reply("Anotado, 90 mil reais! Qual é o seu nome?"))
    turn = turn_of("preciso de 90 mil")
    assert [(f["kind"], f["value"]) for f in turn.figures] == [("money", "9000000")]
    assert turn.figures[0]["source"]


def test_a_turn_by_rules_is_written_down_without_a_model(turn_of):
    turn = turn_of("oi")
    assert turn.path[0] == "rules" and "model" not in turn.path
    assert (turn.model, turn.model_error, turn.model_ms, turn.raw_output, turn.prompt_hash) == ("", "", 0, "", "")
    assert turn.products and turn.own_ms == turn.wall_ms


def test_the_messages_of_a_turn_know_how_sure_she_was_and_how_long_it_took(says):
    message = says("oi, preciso de 90 mil")
    Message.objects.update(created_at=now() - timedelta(seconds=7))
    turn = turn_run(conversation_id=message.conversation_id).turn
    message.refresh_from_db()
    assert 7_000 <= message.processing_ms < 30_000
    assert message.confidence == turn.confidence and 0 < message.confidence <= 1


@pytest.mark.parametrize(("ago", "took_ms"), [(timedelta(hours=-1), 0), (timedelta(days=60), 2**31 - 1)])
def test_a_strange_clock_does_not_stop_a_turn(says, ago, took_ms):
    message = says("oi")
    Message.objects.update(created_at=now() - ago)
    Conversation.objects.update(awaiting_since=now() - timedelta(minutes=1))
    assert turn_run(conversation_id=message.conversation_id).turn is not None
    message.refresh_from_db()
    assert message.processing_ms == took_ms


@pytest.mark.parametrize("has_model", [False, True])
def test_a_turn_costs_the_same_however_long_the_thread(says, groq, settings, has_model):
    groq(reply(KIND))
    settings.GROQ_ENABLED = has_model
    prices = []
    for number, earlier in enumerate((8, 40, 80)):
        phone = f"551199812334{number}"
        thread = turn_run(conversation_id=says("oi", phone=phone).conversation_id).turn.conversation
        common = {"conversation": thread, "state": MessageState.READ, "sent_at": now()}
        for place in range(earlier):
            Message.objects.create(direction="in", author="client", text=f"texto {place}", **common)
            Message.objects.create(direction="out", author="livia", text=f"resposta {place}", **common)
        Conversation.objects.update(answered_upto_id=Message.objects.latest("pk").pk)
        counts = []
        for text in (
            "preciso de 90 mil",
            "preciso de 80 mil",
        ):  # what is remembered for seconds is asked for in one of them
            says(text, phone=phone)
            with CaptureQueriesContext(connection) as queries:
                assert turn_run(conversation_id=thread.pk).turn is not None
            counts.append(len(queries))
        prices.append(min(counts))
    assert len(set(prices)) == 1 and prices[0] <= (32 if has_model else 28), prices


# voice


def test_words_spoken_are_words_said(says):
    message = says("", kind="audio")
    Message.objects.filter(pk=message.pk).update(
        transcript="preciso de oitenta mil reais", transcript_state=TranscriptState.DONE
    )
    turn = turn_run(conversation_id=message.conversation_id).turn
    assert turn.slots_after["credit_amount"] == 8_000_000
    assert turn.slot_sources["credit_amount"] == message.pk


def test_a_turn_waits_for_words_being_transcribed_but_not_for_ever(says, settings):
    settings.GROQ_TRANSCRIBE_SECONDS = 20
    message = says("", kind="audio")
    Message.objects.filter(pk=message.pk).update(transcript_state=TranscriptState.AWAITED)
    assert 28 < turn_run(conversation_id=message.conversation_id).wait <= 30
    Message.objects.filter(pk=message.pk).update(created_at=now() - timedelta(seconds=31))
    assert turn_run(conversation_id=message.conversation_id).turn is not None


def test_a_voice_message_still_being_fetched_is_waited_for_where_somebody_can_listen(says, groq, settings):
    message = says("", kind="audio")
    Message.objects.filter(pk=message.pk).update(media_state="awaited")
    groq()
    assert turn_run(conversation_id=message.conversation_id).wait > 0
    settings.GROQ_API_KEY = ""
    assert turn_run(conversation_id=message.conversation_id).turn is not None


def test_asking_by_voice_for_no_more_messages_is_heard_while_a_person_attends(says, ana):
    from conversations.services import conversation_take

    message = says("oi")
    conversation_take(conversation_id=message.conversation_id, user=ana)
    voice = says("", kind="audio")
    Message.objects.filter(pk=voice.pk).update(transcript="não me mande mais mensagens")
    turn_run(conversation_id=message.conversation_id)
    voice.conversation.contact.refresh_from_db()
    assert voice.conversation.contact.opted_out_at is not None


# judgements


def test_a_judgement_is_written_down_when_it_changes(turn_of):
    turn_of("oi")
    turn_of("tudo bem?")
    before = LeadClassification.objects.count()
    turn_of("quero um empréstimo com garantia da minha casa, preciso de 250 mil")
    last = LeadClassification.objects.first()
    lead = Lead.objects.get()
    assert LeadClassification.objects.count() == before + 1
    assert (last.source, last.temperature, last.score) == ("rules", lead.ai_temperature, lead.ai_score)
    assert last.reasons == lead.ai_reasons and last.reasons


def test_the_first_judgement_of_a_form_is_written_down(new_lead):
    lead = new_lead(product="home_equity", credit_amount=10_000_000)
    first = LeadClassification.objects.get(lead=lead)
    assert (first.source, first.temperature, first.score) == ("rules", lead.ai_temperature, lead.ai_score)
    assert first.reasons == lead.ai_reasons != []


def test_a_models_judgement_stands_until_the_rules_see_something_new(new_lead):
    lead = new_lead()
    rules, model = Classification("WARM", 40, []), Classification("HOT", 70, [])
    classification_record(lead_id=lead.pk, result=rules, source=ClassificationSource.RULES)
    classification_record(lead_id=lead.pk, result=model, source=ClassificationSource.MODEL, model="m", rules=rules)
    assert classification_record(lead_id=lead.pk, result=rules, source=ClassificationSource.RULES) is None
    lead.refresh_from_db()
    assert (lead.ai_temperature, lead.ai_score) == ("HOT", 70)
    news = Classification("COLD", 10, [])
    assert classification_record(lead_id=lead.pk, result=news, source=ClassificationSource.RULES) is not None
    lead.refresh_from_db()
    assert (lead.ai_temperature, lead.ai_score) == ("COLD", 10)


def test_a_model_that_failed_leaves_the_rules_judgement_with_the_error(new_lead):
    lead, rules = new_lead(), Classification("WARM", 40, [])
    classification_record(lead_id=lead.pk, result=rules, source=ClassificationSource.RULES)
    row = classification_record(lead_id=lead.pk, result=rules, source=ClassificationSource.RULES, error="timeout")
    assert (row.error, row.source) == ("timeout", "rules")


def test_a_forms_message_and_origin_count(db):
    silent = classify_values({"name": "Maria", "source": "form"})
    eager = classify_values({
        "name": "Maria", "source": "form", "product": "home_equity", "credit_amount": 10_000_000,
        "message": "Quero fechar hoje, já separei os documentos", "tracking": {"utm_source": "google"},
    })  # fmt: skip
    assert eager.score > silent.score + 20
    assert {"eager", "search"} <= {reason["code"] for reason in eager.reasons}


def test_limits_of_the_products_in_force_count(db):
    values = {"product": "home_equity", "credit_amount": 10_000_000, "property_value": 20_000_000}
    before = classify_values(values, intents=("other",))
    ProductVersion.objects.filter(code="home_equity").update(max_ltv="0.3")
    after = classify_values(values, intents=("other",))
    assert after.score < before.score


# prompts


def test_a_new_installation_has_a_prompt_for_every_stage(db):
    assert set(PromptVersion.objects.values_list("stage", "version")) == {
        ("INTRO", 1), ("QUALIFICATION", 1), ("SIMULATION", 1), ("CONVERSION", 1)
    }  # fmt: skip
    assert prompts_seed() == 0


def test_the_newest_prompt_is_in_force(db):
    PromptVersion.objects.create(
        stage="INTRO", version=2, instructions="Cumprimente.", default_reply="Oi!", asks=["city"],
        limits={"credit_amount": [1, 2]},
    )  # fmt: skip
    policy = policies()["INTRO"]
    assert (policy.instructions, policy.default_reply, policy.asks) == ("Cumprimente.", "Oi!", ("city",))
    assert policy.limits == {"credit_amount": (1, 2)}
