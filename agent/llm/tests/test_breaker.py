"""The breaker opens after failures in a row, lets one turn try, and closes: for all workers alike."""

import multiprocessing
import threading
from multiprocessing.queues import Queue

import pytest

from agent.llm import breaker
from agent.llm.client import ask
from agent.llm.tests.conftest import BIG, JSON, SAYS, SMALL, eventually, ok
from agent.loopback import InTurn, Talker

PLACES = ["shared", "own"]
UNAVAILABLE = {"status": 503, "headers": JSON, "body": "{}"}


@pytest.fixture(params=PLACES)
def place(request) -> str:
    """In Redis, and in the memory of one process while Redis is away."""
    if request.param == "own":
        request.getfixturevalue("redis_away")
    return request.param


def opened(settings) -> None:
    """Open, and ready for a trial soon."""
    settings.GROQ_BREAKER_SECONDS = 0.2
    for _ in range(3):
        breaker.failed()
    eventually(lambda: breaker.state() == "half_open", seconds=5, every=0.02)
    settings.GROQ_BREAKER_SECONDS = 30


def admitted(times: int) -> int:
    """How many of so many threads may ask."""
    gate, answers = threading.Barrier(times), []

    def one() -> None:
        gate.wait()
        answers.append(breaker.allow())

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(answers)


def _report(found: "Queue[int]", gate) -> None:
    gate.wait()
    found.put(admitted(10))


def test_it_opens_after_the_third_failure_in_a_row(place):
    breaker.failed()
    breaker.failed()
    assert (breaker.state(), breaker.allow()) == ("closed", True)
    breaker.failed()
    assert (breaker.state(), breaker.allow()) == ("open", False)
    assert breaker.snapshot() == {"state": "open", "failures": 3, "opens_in": 30.0, "key_refused": False}


def test_a_success_starts_the_count_anew(place):
    for _ in range(5):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()
    assert breaker.snapshot() == {"state": "closed", "failures": 0, "opens_in": 0.0, "key_refused": False}


def test_one_of_many_threads_gets_the_trial(place, settings):
    opened(settings)
    assert admitted(25) == 1
    assert breaker.state() == "half_open"


def test_one_of_two_processes_gets_the_trial(settings):
    opened(settings)
    fork = multiprocessing.get_context("fork")
    found, gate = fork.Queue(), fork.Barrier(2)
    processes = [fork.Process(target=_report, args=(found, gate)) for _ in range(2)]
    for process in processes:
        process.start()
    assert sum(found.get(timeout=20) for _ in processes) == 1
    for process in processes:
        process.join(20)


def test_the_trial_closes_or_opens_again(place, settings):
    opened(settings)
    assert breaker.allow()
    breaker.failed()
    assert breaker.state() == "open"
    opened_again = breaker.snapshot()["opens_in"]
    breaker.failed()  # one that began before it opened
    assert breaker.snapshot()["opens_in"] <= opened_again
    breaker.succeeded()
    assert (breaker.state(), breaker.allow()) == ("closed", True)


def test_a_trial_without_a_verdict_is_given_back(place, settings):
    opened(settings)
    assert breaker.allow() and not breaker.allow()
    breaker.released()
    assert breaker.allow()


def test_who_dies_with_the_trial_loses_it(place, settings, monkeypatch):
    monkeypatch.setattr(breaker, "_GRACE_SECONDS", 0.2)
    settings.GROQ_TURN_SECONDS = settings.GROQ_TRANSCRIBE_SECONDS = 0.1
    opened(settings)
    assert breaker.allow() and not breaker.allow()
    eventually(breaker.allow, seconds=5, every=0.02)


def test_a_refused_key_opens_at_once_and_is_news_once(place):
    assert breaker.trip() is True
    assert breaker.state() == "open" and breaker.snapshot()["key_refused"]
    assert breaker.trip() is False
    breaker.succeeded()
    assert breaker.trip() is True


def test_the_transcription_has_a_breaker_of_its_own(place):
    for _ in range(3):
        breaker.hearing.failed()
    assert (breaker.hearing.state(), breaker.state()) == ("open", "closed")


# ---- what turns make of it
def test_turns_stop_asking_after_three_failed_calls(play):
    groq = play(UNAVAILABLE)

    assert [ask(SAYS).error for _ in range(4)] == ["http_503", "http_503", "open", "open"]
    assert len(groq.calls) == 4 and ask(SAYS).breaker == "open"


def test_turns_stop_asking_without_redis_too(play, redis_away):
    groq = play(UNAVAILABLE)

    assert [ask(SAYS).error for _ in range(3)] == ["http_503", "http_503", "open"]
    assert len(groq.calls) == 4


@pytest.mark.parametrize(
    "response",
    [
        {"status": 429, "headers": JSON, "body": "{}"},
        {"status": 498, "headers": JSON, "body": "{}"},
        {"status": 200, "headers": JSON, "body": ""},
        {**ok(), "abort_after_bytes": 5},
        {**ok(), "delay_s": 20},
    ],
    ids=["429", "498", "envelope", "aborted", "timeout"],
)
def test_these_count(play, response, settings):
    settings.GROQ_ATTEMPT_SECONDS = 0.3 if response.get("delay_s") else 4.0
    play(response)
    ask(SAYS)
    assert breaker.snapshot()["failures"] == 2


@pytest.mark.parametrize("status", [400, 404, 409, 413, 422])
def test_these_do_not_count(play, status):
    play({"status": status, "headers": JSON, "body": "{}"})
    for _ in range(3):
        ask(SAYS)
    assert breaker.snapshot()["failures"] == 0 and breaker.state() == "closed"


def test_a_cut_answer_shows_that_the_endpoint_is_well(play):
    play(InTurn(UNAVAILABLE, ok(finish_reason="length")))
    ask(SAYS)
    assert breaker.snapshot()["failures"] == 0


def test_the_next_models_success_forgives_the_first_ones_failure(play):
    play(InTurn(UNAVAILABLE, ok(), UNAVAILABLE, ok(), UNAVAILABLE, ok(), UNAVAILABLE, ok()))
    answers = [ask(SAYS) for _ in range(4)]
    assert [answer.model for answer in answers] == [SMALL] * 4
    assert breaker.state() == "closed"


def test_one_of_many_turns_tries_and_all_go_on_after_it(play, settings):
    opened(settings)
    groq = play(Talker(delay_s=0.3))
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(ask(SAYS))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(groq.calls) == 1
    assert sorted(answer.error for answer in answers) == [""] + ["open"] * 11
    assert [answer.breaker for answer in answers if answer.ok] == ["half_open"]
    assert ask(SAYS).breaker == "closed" and groq.models == [BIG, BIG]


def test_a_trial_that_only_met_refusals_is_free_for_the_next_turn(play, settings):
    opened(settings)
    play(InTurn({"status": 404, "headers": JSON}, {"status": 404, "headers": JSON}, Talker()))

    assert ask(SAYS).error == "http_404" and breaker.state() == "half_open"
    assert ask(SAYS).ok and breaker.state() == "closed"


def test_a_failed_trial_opens_again(play, settings):
    opened(settings)
    groq = play(UNAVAILABLE)

    assert ask(SAYS).error == "http_503"
    assert (breaker.state(), ask(SAYS).error, len(groq.calls)) == ("open", "open", 2)
