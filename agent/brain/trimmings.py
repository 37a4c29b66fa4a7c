"""What people put around a message: "oi, … por favor, amiga 😊 kkk". The rules read what is left without it."""

import re

from agent.brain.text import Normalised, normalise

_VOCATIVE = r"(?:livia|moc[ao]|querid[oa]|amig[oa]|amor|flor|lind[oa]|meu bem|minha filha|meu anjo|bb|man[oa])"
_KEPT = "👍👎✅👌🙏"  # these say yes or no
_OPENING = re.compile(
    rf"(?:(?:o+i+e*|o+la+|opa+|ei|hey|gente|pessoal|bo[am] ?dia+|boa tarde+|boa noite+|tudo (?:bem|bom)|{_VOCATIVE})"
    rf"(?![a-z])(?:[^\w%{_KEPT}]+|$))+"
)
_CLOSING = re.compile(
    rf"(?:[^\w?%{_KEPT}]*(?<![a-z])(?:ne|viu|hein|eh|k{{2,}}|(?:rs){(2,)}r?|(?:ha|he|hua|hue){{2,}}h?|{_VOCATIVE}|"
    rf"por favor|por gentileza|faz favor))+[^\w?%{_KEPT}]*$"
)
_DECORATION = re.compile(rf"[^\w?%{_KEPT}]+$")
_DRAWN_OUT = re.compile(r"([a-jl-z])\1{2,}")  # "siiim"; laughter ("kkk") stays
_DIALECT = re.compile(
    r"\bnum(?= ?(?:quero|preciso|vou|tenho|sei|estou|esta|e|tem|posso|pode|da|gosto|consigo|precisa|carece|careco)\b)"
)
_AGENT = re.compile(r"^(?:(?:oi|ola|entao),? )?livia,? ")
_TAIL = 80  # characters in which a closing is looked for


def bare_span(text: str) -> tuple[int, int]:
    """Where the message proper stands in a normalised text; the whole text if nothing else is left."""
    decoration = _DECORATION.search(text, max(0, len(text) - _TAIL))
    whole = decoration.start() if decoration and decoration.start() else len(text)
    closing = _CLOSING.search(text, max(0, len(text) - _TAIL))
    for end in (closing.start() if closing else whole, whole):
        opening = _OPENING.match(text, 0, end)
        start = opening.end() if opening else 0
        if text[start:end].strip():
            return start, end
    return 0, whole


def bare(norm: Normalised) -> Normalised:
    """The message proper as a text of its own."""
    start, end = bare_span(norm.text)
    head = len(norm.origin(0, start)) if start else 0
    tail = len(norm.origin(0, end + 1)) - 1 if end < len(norm.text) else len(norm.original)
    return norm if (head, tail) == (0, len(norm.original)) else normalise(norm.original[head:tail])


def plain(text: str) -> str:
    """A normalised text as one line of letters, digits and the signs that carry meaning."""
    line = re.sub(r"[^\w\s%?,.👍👎✅👌🙏]", " ", _AGENT.sub("", re.sub(r"\s*\n\s*", ", ", text.strip())))
    line = _DRAWN_OUT.sub(r"\1", re.sub(r" {2,}", " ", line)).strip(" .,")
    return _DIALECT.sub("nao", line)


def core_of(text: str) -> str:
    """The message proper of a normalised text, on one plain line."""
    return plain(text[slice(*bare_span(text))])
