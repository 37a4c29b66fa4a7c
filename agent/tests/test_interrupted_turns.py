"""What happens while the model thinks counts: the turn that did not know of it says nothing."""

from collections.abc import Callable
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.db.models import F

from agent.catalogue import product_version_add
from agent.models import Dialogue, ProductVersion, PromptVersion, Simulation, Turn
from agent.tests.conftest import reply
from agent.turn_lock import thinking_alone
from agent.turns import Outcome, turn_run
from conversations.models import Author, Conversation, Inbox, Message, MessageState
from conversations.outbox import message_send, outbox_sent
from conversations.services import conversation_take
from crm.core import redis
from crm.core.clock import now

pytestmark = pytest.mark.django_db(transaction=True)

KIND = "Que ótimo falar com você! Qual é o seu nome, por favor?"


@pytest.fixture
def meanwhile(groq):
    """Have something happen, once, after the model was asked and before it answers."""

    def when_asked(act: Callable[[], object]) -> None:
        done: list[BaseException | None] = []

        def heard(_call: object) -> None:
            if done:
                return
            try:
                act()
                done.append(None)
            except BaseException as error:
                done.append(error)
                raise
            finally:
                connection.close()

        groq(reply(KIND), heard=heard)

    return when_asked


def said() -> list[str]:
    return list(Message.objects.filter(author=Author.LIVIA).order_by("pk").values_list("text", flat=True))


def run(conversation: Conversation) -> Outcome:
    return turn_run(conversation_id=conversation.pk)


def test_no_transaction_is_open_while_the_model_thinks(says, groq):
    """Another connection may change every row the turn has read."""
    open_ones: list[int] = []

    def heard(_call: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            )
            open_ones.append(cursor.fetchone()[0])
        connection.close()

    groq(reply(KIND), heard=heard)
    assert run(says("oi").conversation).turn is not None
    assert open_ones == [0]


def test_a_message_meanwhile_is_answered_together_with_the_first(says, meanwhile):
    conversation = says("oi").conversation
    meanwhile(lambda: says("meu nome é Helena"))
    assert run(conversation).discarded
    assert said() == [] and not Turn.objects.exists()
    turn = run(conversation).turn
    assert len(turn.message_ids) == 2 and len(said()) == 1
    assert run(conversation) == Outcome()


def test_a_consultant_who_answers_meanwhile_has_the_word(says, meanwhile, ana):
    conversation = says("oi").conversation
    meanwhile(lambda: message_send(conversation_id=conversation.pk, text="Oi, aqui é a Ana.", user=ana))
    assert run(conversation).discarded
    assert said() == [] and run(conversation).turn is None


def test_a_consultant_who_takes_over_meanwhile_has_the_word(says, meanwhile, ana):
    conversation = says("oi").conversation
    meanwhile(lambda: conversation_take(conversation_id=conversation.pk, user=ana))
    assert run(conversation).discarded
    assert said() == []


def test_a_client_who_leaves_meanwhile_hears_only_the_confirmation(says, meanwhile):
    conversation = says("oi").conversation
    meanwhile(lambda: says("SAIR"))
    assert run(conversation).discarded
    assert run(conversation).turn.outcome == "opt_out"
    assert len(said()) == 1 and KIND not in said()


def test_a_client_who_left_on_another_number_meanwhile_hears_nothing(says, meanwhile):
    conversation = says("oi").conversation
    other = Inbox.objects.create(name="Outra Lívia", role="livia")

    def leave() -> None:
        message = says("SAIR", inbox=other)
        turn_run(conversation_id=message.conversation_id)

    meanwhile(leave)
    assert run(conversation).discarded
    assert not conversation.messages.filter(author=Author.LIVIA).exists()


def test_livia_switched_off_meanwhile_is_silent(says, meanwhile, settings, livia_inbox):
    conversation = says("oi").conversation
    meanwhile(lambda: Inbox.objects.filter(pk=livia_inbox.pk).update(livia_enabled=False))
    assert run(conversation).discarded
    assert said() == []


def test_a_message_taken_back_meanwhile_is_not_answered(says, meanwhile):
    conversation = says("oi").conversation
    message = says("meu nome é Helena")
    meanwhile(lambda: says("", kind="revoke", target_provider_id=message.provider_id))
    assert run(conversation).discarded
    assert "name" not in run(conversation).turn.slots_after


def test_a_receipt_meanwhile_changes_nothing(says, meanwhile):
    conversation = says("oi").conversation
    reply_id = run(conversation).turn.reply_ids[0]
    Message.objects.filter(pk=reply_id).update(state=MessageState.SENDING)
    says("meu nome é Helena")
    meanwhile(lambda: outbox_sent(message_id=reply_id, provider_id="OUT1", sent_at=now()))
    assert run(conversation).turn is not None
    assert Message.objects.get(pk=reply_id).state == MessageState.SENT


def test_a_dialogue_that_went_on_meanwhile_is_read_again(says, meanwhile):
    """Another worker, whose lock in Redis was lost, has answered an earlier message."""
    conversation = says("meu nome é Helena").conversation
    run(conversation)

    def go_on() -> None:
        Dialogue.objects.update(slots={"name": "Helena", "city": "Sorocaba"})
        Conversation.objects.update(revision=F("revision") + 1)

    says("tudo bem?")
    meanwhile(go_on)
    assert run(conversation).discarded
    assert run(conversation).turn.slots_after["city"] == "Sorocaba"


def test_a_thread_joined_with_another_meanwhile_is_answered_there(says, meanwhile):
    kept = says("oi").conversation
    gone = says("oi de novo", phone=None, lid="77").conversation
    meanwhile(lambda: says("sou eu mesma", lid="77"))
    assert run(gone).discarded
    assert not Conversation.objects.filter(pk=gone.pk).exists()
    assert len(run(kept).turn.message_ids) == 3


def test_a_prompt_deleted_meanwhile_leaves_the_turn_without_its_name(says, meanwhile):
    conversation = says("oi").conversation
    meanwhile(lambda: PromptVersion.objects.all().delete())
    assert run(conversation).turn.prompt_version is None


def test_only_one_of_two_workers_asks_the_model(says, groq):
    conversation = says("oi").conversation
    endpoint = groq({**reply(KIND), "delay_s": 0.3})
    together, outcomes = Barrier(2), []

    def work() -> None:
        together.wait()
        outcomes.append(run(conversation))
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(outcome.turn is not None for outcome in outcomes) == 1
    assert len(endpoint.calls) == 1 and len(said()) == 1


HOME_EQUITY = (
    "oi", "meu nome é Helena", "sou de Sorocaba SP", "quero um empréstimo com garantia da minha casa",
    "preciso de 250 mil", "a casa vale 800 mil", "ganho 14 mil por mês", "em 12 anos", "está quitada",
)  # fmt: skip


@pytest.fixture
def until_simulated(says):
    """All but the last answer, by rules."""

    def go_on() -> Conversation:
        for text in HOME_EQUITY:
            conversation = says(text).conversation
            run(conversation)
        return conversation

    return go_on


def dearer() -> ProductVersion:
    old = ProductVersion.objects.filter(code="home_equity").latest("version")
    copied = ("name", "system", "min_term", "max_term", "max_ltv", "iof", "max_credit", "max_collateral", "collateral")
    return product_version_add(
        code="home_equity", values={name: getattr(old, name) for name in copied} | {"rate_month": Decimal("0.0129")}
    )


def test_a_simulation_goes_out_by_the_terms_in_force(says, until_simulated, monkeypatch):
    import agent.thinking

    conversation = until_simulated()
    says("vou usar pra pagar dívidas, sou clt")
    decide = agent.thinking.decide

    def slow(*args: object, **options: object) -> object:
        decision = decide(*args, **options)
        if not ProductVersion.objects.filter(code="home_equity", version=2).exists():
            dearer()
        return decision

    monkeypatch.setattr(agent.thinking, "decide", slow)
    first = run(conversation)
    if not first.discarded:  # simulated before: nothing left to discard
        pytest.fail("the simulation by the old terms went out")
    assert not Simulation.objects.exists()
    turn = run(conversation).turn
    assert turn.outcome == "simulated" and turn.simulation.product_version.version == 2


def test_the_consultant_reads_that_the_terms_have_changed_since(says, until_simulated, ana):
    conversation = until_simulated()
    says("vou usar pra pagar dívidas, sou clt")
    run(conversation)
    dearer()
    says("sim, pode passar")
    assert run(conversation).turn.outcome == "handoff"
    conversation.lead.refresh_from_db()
    summary = conversation.lead.transfer_summary
    assert "juros 1,19% ao mês" in summary and "condições do produto mudaram" in summary and "1,29% ao mês" in summary


def test_a_new_version_with_the_same_terms_is_no_change(says, until_simulated, ana):
    conversation = until_simulated()
    says("vou usar pra pagar dívidas, sou clt")
    run(conversation)
    same = ProductVersion.objects.get(code="home_equity")
    same.pk, same.version = None, 2
    same.save(force_insert=True)
    says("sim, pode passar")
    assert run(conversation).turn.outcome == "handoff"
    conversation.lead.refresh_from_db()
    assert "Simulação" in conversation.lead.transfer_summary and "mudaram" not in conversation.lead.transfer_summary


def test_a_product_withdrawn_in_mid_conversation_is_told_calmly(says, until_simulated, ana):
    conversation = until_simulated()
    ProductVersion.objects.filter(code="home_equity").delete()
    says("vou usar pra pagar dívidas, sou clt")
    turn = run(conversation).turn
    assert turn is not None and turn.outcome == "continue" and turn.replies
    assert not Simulation.objects.exists()


def test_no_product_at_all_is_survived(says, until_simulated, ana):
    conversation = until_simulated()
    ProductVersion.objects.all().delete()
    says("vou usar pra pagar dívidas, sou clt")
    turn = run(conversation).turn
    assert turn is not None and turn.replies


def test_a_product_withdrawn_after_the_simulation_is_no_obstacle_to_the_handoff(says, until_simulated, ana):
    conversation = until_simulated()
    says("vou usar pra pagar dívidas, sou clt")
    run(conversation)
    withdrawn = dearer()
    ProductVersion.objects.filter(pk=withdrawn.pk).update(active=False)
    says("sim, pode passar")
    turn = run(conversation).turn
    assert turn.outcome == "handoff"
    conversation.lead.refresh_from_db()
    assert "deixou de ser oferecido" in conversation.lead.transfer_summary


def test_without_redis_a_turn_still_comes(says, settings):
    conversation = says("oi").conversation
    settings.REDIS_URL = "redis://127.0.0.1:9"
    redis._brief.cache_clear()
    with thinking_alone(conversation.pk) as first, thinking_alone(conversation.pk) as second:
        assert first and second
    redis._brief.cache_clear()
    redis.BriefConnection._away_until = 0.0


def test_whoever_thinks_alone_gives_the_thread_back(says):
    conversation = says("oi").conversation
    for _ in range(2):
        with thinking_alone(conversation.pk) as first, thinking_alone(conversation.pk) as second:
            assert first and not second
