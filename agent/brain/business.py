"""The business Lívia speaks for, as plain values; a manager edits them in the admin."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from agent.brain.text import normalise, words

_GOOD_MATCH = 72  # of 100; below it the question is left to a consultant
_EMPTY = words("o a os as de do da que e um uma voces voce eu para por em no na com qual quais como me se")


@dataclass(frozen=True)
class Faq:
    question: str
    answer: str


@dataclass(frozen=True)
class BusinessInfo:
    name: str = "Lívia CRM"
    services: tuple[str, ...] = ()
    tone: str = ""
    hours: str = ""
    address: str = ""
    faq: tuple[Faq, ...] = ()
    links: tuple[str, ...] = ()  # the only addresses a reply may name

    def texts(self) -> tuple[str, ...]:
        """All a manager wrote; what stands here may be said."""
        answers = (faq.answer for faq in self.faq)
        return tuple(text for text in (self.name, *self.services, self.hours, self.address, *answers) if text)

    def answer(self, question: str) -> str | None:
        """The configured answer nearest to a client's question, or None."""
        asked = _keywords(question)
        if not asked:
            return None
        scored = [(fuzz.token_set_ratio(asked, _keywords(faq.question)), faq) for faq in self.faq]
        best = max(scored, key=lambda pair: pair[0], default=None)
        return best[1].answer if best and best[0] >= _GOOD_MATCH else None


def _keywords(text: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in normalise(text).text).split()
    return " ".join(word for word in words if word not in _EMPTY)
