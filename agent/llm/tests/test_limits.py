"""What Groq says of its limits is kept for each model."""

from agent.llm import limits
from agent.llm.client import ask
from agent.llm.tests.conftest import BIG, JSON, SAYS, SMALL
from agent.loopback import InTurn, Talker


def test_the_last_answer_of_each_model_is_kept(play):
    limited = {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "2m59.56s", "retry-after": "40"}
    play(InTurn({"status": 429, "headers": {**JSON, **limited}, "body": "{}"}, Talker()))

    ask(SAYS)

    kept = limits.snapshot()
    assert list(kept) == [BIG, SMALL]
    assert (kept[BIG]["remaining_tokens"], kept[BIG]["reset_tokens"], kept[BIG]["retry_after"]) == (0, 179.56, 40)
    assert (kept[SMALL]["limit_requests"], kept[SMALL]["reset_requests"]) == (14400, 6)
    assert kept[SMALL]["at"]


def test_nonsense_is_not_kept():
    limits.remember(BIG, {"x-ratelimit-remaining-tokens": "many", "x-ratelimit-reset-tokens": "1.2.3s"})
    assert limits.snapshot() == {}


def test_without_redis_they_are_lost_and_nothing_else(play, redis_away):
    play()
    assert ask(SAYS).ok and limits.snapshot() == {}
