"""Whether sentences people configure may be said to a client."""

from collections.abc import Collection

from agent.brain.guard import AllowedFigures, Violation, check

# Of what a manager writes into an answer, figures and contacts are the business's own, and its form has a length.
_THEIRS = frozenset({"figure", "personal_data", "too_long", "empty", "repeat"})


def refusals(text: str, *, links: Collection[str] = ()) -> list[Violation]:
    """Everything the guard finds in a text nobody adapts to a client; links in `links` may be named."""
    return check(text, AllowedFigures(links=frozenset(links)))


def answer_refusals(text: str, *, links: Collection[str] = ()) -> list[Violation]:
    """The same for an answer of the business, which may hold the business's own figures."""
    return [violation for violation in refusals(text, links=links) if violation.code not in _THEIRS]


def name_refusals(text: str, *, links: Collection[str] = ()) -> list[Violation]:
    """The same for a name or a manner of speaking: a few words, of any language."""
    return [violation for violation in answer_refusals(text, links=links) if violation.code != "language"]
