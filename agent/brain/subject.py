"""What a message is about: its topics, and the words that say most without telling who wrote them."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from agent.brain.first_names import FIRST_NAMES
from agent.brain.lexicons.style import STOP, SURNAMES
from agent.brain.lexicons.topics import TOPICS
from agent.brain.mood import LAUGHTER, MAX_READ
from agent.brain.text import Normalised, fold, normalise

MOST_KEYWORDS = 8
_LONGEST = 24  # characters; what is longer is no word

_TOPICS = {topic: re.compile(pattern) for topic, pattern in TOPICS.items()}
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
# Addresses of every kind, numbers with what hangs on them, and what follows a cue for a name or a street.
_PRIVATE = re.compile(
    r"(?<!\S)(?=\S*(?:[@/\\\d]|www\.))\S+"
    r"|\b(?:me chamo|me chamam de|chamar de|nome(?: completo)?|(?:quem )?fala(?:ndo)? (?:e|com)|aqui (?:e|quem fala e)"
    r"|atende por|(?:^|[,.!] ?)(?:eu )?sou (?:o|a)|mae|pai|esposa|marido|filh[oa]|irma|irmao|dona|seu)"
    r"[ :,-]+(?:(?:e|o|a) )?(?=(?P<name>[a-z']+(?: (?:d[aeo]s? )?[a-z']+){0,4}))"
    r"|\b(?:rua|avenida|av|travessa|alameda|rodovia|estrada|praca|bairro|condominio|rg|cpf|cep|pix|senha)\b[^,.;!?\n]*"
)
_ENDS_NAME = re.compile(r"[^\w' ]|\n")


def topics(text: str) -> tuple[str, ...]:
    """Portuguese words for what a message is about, in the order it comes to them."""
    words = normalise(text[:MAX_READ]).text
    found = {topic: match.start() for topic, pattern in _TOPICS.items() if (match := pattern.search(words))}
    return tuple(sorted(found, key=lambda topic: found[topic]))


def keywords(text: str, names: Sequence[str] = ()) -> list[str]:
    """At most 8 content words, folded, the most repeated first. Nothing of a name, a number or an address; `names` are
    those the client is known by."""
    norm = normalise(text[:MAX_READ])
    hidden = FIRST_NAMES | SURNAMES | set(_WORD.findall(fold(" ".join(names))))
    counts: Counter[str] = Counter()
    for match in _content(norm, hidden):
        counts[match] += 1
    return [word for word, _count in counts.most_common(MOST_KEYWORDS)]


def _content(norm: Normalised, hidden: Collection[str]) -> list[str]:
    text = _PRIVATE.sub(_blanked, LAUGHTER.sub(lambda match: " " * len(match.group()), norm.text))
    shouted = norm.original.isupper()
    kept, in_name, end = [], False, 0
    for match in _WORD.finditer(text):
        word = match.group()
        in_name = in_name and not _ENDS_NAME.search(text, end, match.start())
        written = norm.origin(match.start(), match.start() + 1)
        end = match.end()
        if word in STOP:
            in_name = in_name and word in {"de", "da", "do", "dos", "das", "e"}
        elif word in hidden or in_name:
            in_name = True
        elif 2 < len(word) <= _LONGEST and not (written.isupper() and not shouted and _is_inside(text, match.start())):
            kept.append(word)
    return kept


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _is_inside(text: str, position: int) -> bool:
    """Not at the beginning of a sentence, where every word has a capital."""
    before = text[:position].rstrip(" ")
    return bool(before) and before[-1] not in ".!?\n:"
