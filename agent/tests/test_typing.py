"""Typing lasts as long as the text would take, within bounds, and thinking is part of it."""

import pytest

from agent.typing import typing_ms


@pytest.mark.parametrize(
    ("characters", "thinking_ms", "shown_ms"),
    [
        (0, 0, 1000),
        (1, 0, 1050),
        (39, 0, 2950),
        (40, 0, 3000),
        (4096, 0, 3000),
        (10, 600, 900),
        (10, 1500, 0),
        (4096, 60_000, 0),
    ],
)
def test_a_second_and_fifty_milliseconds_a_character_up_to_three_seconds_less_the_thinking(
    settings, characters, thinking_ms, shown_ms
):
    settings.TYPING_BASE_MS, settings.TYPING_PER_CHAR_MS, settings.TYPING_MAX_MS = 1000, 50, 3000
    assert typing_ms("a" * characters, thinking_ms=thinking_ms) == shown_ms
