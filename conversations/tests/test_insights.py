"""The figures of a thread, checked by hand."""

from datetime import timedelta

import pytest

from conversations.insights import engagement, mood_trend, thread_insights
from conversations.models import Author, Conversation, Direction, Message, MessageKind, MessageState
from conversations.templatetags.insights import mood_step, span_words
from crm.core.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(maria_thread: Conversation):
    Message.objects.filter(conversation=maria_thread).delete()
    start = now() - timedelta(days=2)

    def at(second: int, author: str, **values: object) -> Message:
        direction = Direction.IN if author == Author.CLIENT else Direction.OUT
        state = MessageState.RECEIVED if direction == Direction.IN else MessageState.SENT
        moment = start + timedelta(seconds=second)
        message = Message.objects.create(
            conversation=maria_thread, direction=direction, author=author, state=state, text="…", sent_at=moment,
            **values,
        )  # fmt: skip
        Message.objects.filter(pk=message.pk).update(created_at=moment)
        return message

    return at


def test_answers_are_timed_from_the_first_message_of_a_burst(maria_thread, say):
    say(0, Author.CLIENT)
    say(5, Author.CLIENT)
    say(12, Author.LIVIA)
    say(13, Author.LIVIA)
    say(100, Author.CLIENT)
    say(400, Author.CONSULTANT)
    say(500, Author.CLIENT)
    say(600, Author.PHONE)
    seen = thread_insights(maria_thread)
    assert (seen.received, seen.sent, seen.days, seen.duration) == (4, 4, 1, timedelta(seconds=600))
    assert (seen.livia_seconds, seen.people_seconds) == (12, 200)


def test_notes_events_and_reactions_are_no_messages(maria_thread, say):
    say(0, Author.CLIENT)
    say(10, Author.CONSULTANT, kind=MessageKind.NOTE)
    say(20, Author.SYSTEM, kind=MessageKind.EVENT)
    say(30, Author.CLIENT, kind=MessageKind.REACTION)
    seen = thread_insights(maria_thread)
    assert (seen.total, seen.people_seconds, seen.livia_seconds) == (1, None, None)


def test_topics_and_moods_are_what_was_learned_of_the_messages(maria_thread, say):
    for second, (mood, words) in enumerate([(-0.6, ["juros"]), (-0.4, ["juros"]), (0.2, ["casa"]), (0.6, ["juros"])]):
        say(second, Author.CLIENT, sentiment=mood, keywords=words)
    seen = thread_insights(maria_thread)
    assert seen.topics == ["juros", "casa"]
    assert (seen.moods, seen.trend) == ([-0.6, -0.4, 0.2, 0.6], "better")


def test_an_empty_thread_has_no_figures(maria_thread, say):
    seen = thread_insights(maria_thread)
    assert (seen.total, seen.engagement, seen.trend, seen.duration) == (0, "", "", timedelta())


@pytest.mark.parametrize(
    ("received", "days", "expected"), [(11, 1, "high"), (10, 1, "medium"), (7, 2, "medium"), (3, 1, "low"), (0, 0, "")]
)
def test_engagement_goes_by_the_messages_of_a_day(received, days, expected):
    assert engagement(received, days) == expected


@pytest.mark.parametrize(
    ("moods", "expected"), [([0.5, 0.5, -0.5, -0.5], "worse"), ([0, 0, 0.1, 0.1], "steady"), ([0, 1, 1], "")]
)
def test_a_trend_needs_four_moods_and_a_shift(moods, expected):
    assert mood_trend(moods) == expected


def test_spans_and_moods_are_short(settings):
    settings.LANGUAGE_CODE = "en"
    assert [span_words(seconds) for seconds in (12, 500, 7500, 300_000)] == ["12 s", "8 min", "2 h 05 min", "3 d"]
    assert [mood_step(mood) for mood in (-1, -0.5, 0, 0.5, 1)] == [1, 2, 3, 4, 5]
