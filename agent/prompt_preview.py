"""The prompt of a stage as the model gets it, for a sample client."""

import re
from dataclasses import dataclass

from agent import catalogue
from agent.brain.context import ContextLayers, Identity
from agent.brain.policies import StagePolicy
from agent.brain.prompting import prompt
from agent.brain.stages import Stage
from agent.brain.state import DialogueState

SAMPLE_SLOTS = {
    "name": "Maria", "city": "Campinas", "uf": "SP", "product": "home_equity",
    "credit_amount": 20_000_000, "property_value": 60_000_000,
}  # fmt: skip
SAMPLE_WORDS = ("ganho uns 12 mil por mês", "e qual é a taxa de vocês?")


@dataclass(frozen=True)
class Section:
    """A part of a message of the prompt, by its heading."""

    title: str
    text: str

    @property
    def body(self) -> str:
        """The text for people: a first line that is the title is not said twice."""
        first, _newline, rest = self.text.partition("\n")
        return (rest if first.strip() == self.title else self.text).strip("\n")


@dataclass(frozen=True)
class Preview:
    """`messages` are (role, sections)."""

    messages: list[tuple[str, list[Section]]]
    hash: str
    characters: int


def preview(stage: str, policy: StagePolicy) -> Preview:
    now = catalogue.in_force()
    state = DialogueState(stage=Stage(stage), slots={} if stage == Stage.INTRO else SAMPLE_SLOTS)
    made = prompt(
        policy, ContextLayers(identity=Identity(name="Maria")), state, SAMPLE_WORDS, now.products, now.business
    )
    messages = [(message["role"], sections_of(message["content"])) for message in made.messages]
    return Preview(messages, made.hash, sum(len(message["content"]) for message in made.messages))


_TAG = re.compile(r"^<([a-z_]+)>$")
_LONGEST_TITLE = 60


def sections_of(content: str) -> list[Section]:
    """A message cut where its parts begin; put together again, the texts are the message to the letter."""
    sections: list[Section] = []
    before = ""
    for line in content.splitlines(keepends=True):
        title = _title_of(line.strip(), before)
        if title or not sections:
            sections.append(Section(title, line))
        else:
            sections[-1] = Section(sections[-1].title, sections[-1].text + line)
        before = line
    return sections


def _title_of(line: str, before: str) -> str:
    """A tag of ours opens a part, and so does a short line after an empty one that is neither item nor sentence."""
    if tag := _TAG.match(line):
        return tag[1].replace("_", " ")
    is_heading = before == "\n" and line and len(line) <= _LONGEST_TITLE and line[-1] not in ".!?" and line[0].isupper()
    return line.partition(" (")[0].partition(":")[0] if is_heading else ""
