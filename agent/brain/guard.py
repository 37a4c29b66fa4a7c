"""Reads every reply before it leaves: no figure that nobody computed, no promise, no trap for the client."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from agent.brain.first_names import FIRST_NAMES
from agent.brain.forbidden import FORBIDDEN, MODEL_ONLY, is_denied, read_by
from agent.brain.known import Known, known_products, known_simulation, known_slots, known_texts
from agent.brain.language import is_portuguese
from agent.brain.numbers import Figure, figures_in
from agent.brain.products import ProductTerms
from agent.brain.redaction import personal_data
from agent.brain.simulation import SimulationResult
from agent.brain.text import fold, normalise
from agent.brain.unbacked import unbacked

MAX_CHARS = 700

_LINK = re.compile(
    r"https?://\S+|\bwww\.\S+|\b(?:[a-z][a-z0-9-]*\.)+(?:com|net|org|io|site|online|app|me|ly|link|info|shop|store|"
    r"br|xyz)"
    r"(?:\.[a-z]{2})?\b(?:/\S*)?"
)
_TOLL_FREE = re.compile(r"\b0[3589]00[ .-]?\d{2,3}[ .-]?\d{2,4}(?:[ .-]?\d{2,4})?\b")
_PER = re.compile(
    r"^\W{0,2}(?:(ao mes|mensa\w+|por mes|a\.? ?m\b)|(ao ano|anua\w+|por ano|a\.? ?a\b)|"
    r"(ao dia|por dia|diari\w+|a\.? ?d\b))"
)
_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BARE_RATE = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d+)?) ?(?=p\. ?p\b|pp\b|pontos? percentua)|"
    r"\b(\d{1,2}(?:[.,]\d+)?) ?(?=(?:ao (?:mes|ano|dia)|a\. ?[mad]\b|a[ma]\b(?! ))(?! ?(?:a|o)\b))|"
    r"\b(?:juros?|taxas?|cet)\b(?: [a-z:]+){0,3} (\d{1,2}[.,]\d+)(?! ?%|\d| mil)"
)
_BARE_INSTALMENT = re.compile(
    r"\b(?:parcel|prestac|mensalidad)\w* (?:(?:de|a|por|fica\w*|sai|seria|em|uns) )+(?:r\$ ?)?(\d[\d.,]*\d|"
    r"\d)\b(?! ?(?:x|%|vez|mes|ano))"
)
# What is said as ours and not as the client's wish: only the calculator and the products may say it.
_OURS = re.compile(
    r"\b(?:parcelas?|prestac\w+|mensalidades?|juros|taxas?|cet|iof|total)\b[^.!?\n]{0,30}?\b(?:fica\w*|sera|seria|"
    r"sai\w*|e|sao|da|daria|cai|comeca)\b|"
    r"\b(?:consigo|conseguimos|temos|tenho|faco|fazemos|ofereco|oferecemos|aprov\w+|liber\w+|garant\w+|cobramos|"
    r"trabalhamos com|da para fazer|fica|ficaria|sai por)\b(?! (?:simular|ver|calcular|verificar|anotar))"
)
_WISHED = re.compile(
    r"\b(?:quer|quis|precisa|disse|falou|mencionou|comentou|pediu|informou|contou|paga|anot\w+|entendi|ganha|vale|"
    r"gostaria|prefere|simul\w+)\b"
)


@dataclass(frozen=True)
class Violation:
    """`code` for machines, `text` is the offending piece of the reply."""

    code: str
    text: str

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "text": self.text[:200]}


@dataclass(frozen=True)
class AllowedFigures:
    """What a reply may quote: figures with their source, links, and contacts of the business."""

    knowns: tuple[Known, ...] = ()
    links: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()  # digits and e-mails that are the business's own

    def __or__(self, other: "AllowedFigures") -> "AllowedFigures":
        return AllowedFigures(self.knowns + other.knowns, self.links | other.links, self.contacts | other.contacts)

    @classmethod
    def of(
        cls,
        *,
        money: Iterable[int] = (),
        percents: Iterable[Decimal] = (),
        terms: Iterable[int] = (),
        source: str = "business",
    ) -> "AllowedFigures":
        found = [Known("money", Decimal(value), source) for value in money]
        found += [Known("percent", value, source) for value in percents]
        return cls((*found, *(Known("term", Decimal(value), source) for value in terms)))

    @classmethod
    def of_slots(cls, slots: Mapping[str, Any]) -> "AllowedFigures":
        return cls(tuple(known_slots(slots)))

    @classmethod
    def of_products(cls, products: Iterable[ProductTerms]) -> "AllowedFigures":
        return cls(tuple(known_products(products)))

    @classmethod
    def of_simulation(cls, result: SimulationResult) -> "AllowedFigures":
        return cls(tuple(known_simulation(result)))

    @classmethod
    def of_texts(cls, texts: Iterable[str], source: str = "client") -> "AllowedFigures":
        """What the client said, or what the configured answers say."""
        return cls(tuple(known_texts(texts, source)))


@dataclass(frozen=True)
class ModelWords:
    """What a model's own words are held against, beyond what holds for every reply."""

    asked: Sequence[str] = ()  # slots the reply asks for
    slots: Collection[str] = ()  # what is known already
    people: Collection[str] = ()  # folded names it may use
    instructions: str = ""  # what it was told; no run of it may come back
    said: str = ""  # what the client wrote
    business: str = ""  # what a manager wrote, and so may be promised
    plan: bool = False  # a consórcio: it has no interest


def check(reply: str, allowed: AllowedFigures, *, last_reply: str = "") -> list[Violation]:
    """Everything wrong with any reply; empty if it may be sent."""
    text = normalise(reply).text
    if not re.search(r"\w", reply):
        return [Violation("empty", reply)]
    found = [Violation("figure", figure) for figure in _unknown_figures(reply, text, allowed.knowns)]
    found += _forbidden(text, FORBIDDEN)
    found += [Violation("control", f"U+{ord(match.group()):04X}") for match in _INVISIBLE.finditer(reply)]
    found += [Violation("link", link) for link in _links(reply) if not _is_listed(link, allowed.links)]
    personal = [*personal_data(reply), *(match.group() for match in _TOLL_FREE.finditer(reply))]
    found += [Violation("personal_data", data) for data in personal if not _is_own(data, allowed.contacts)]
    if len(reply) > MAX_CHARS:
        found.append(Violation("too_long", reply[MAX_CHARS:]))
    if last_reply and normalise(last_reply).text.split() == text.split():
        found.append(Violation("repeat", reply[:40]))
    if not is_portuguese(reply):
        found.append(Violation("language", reply[:40]))
    return found


def check_model(reply: str, allowed: AllowedFigures, words: ModelWords, *, last_reply: str = "") -> list[Violation]:
    """The same, and what only a model would say."""
    found = check(reply, allowed, last_reply=last_reply)
    text = normalise(reply).text
    configured = normalise(words.business).text
    stated = [*_forbidden(text, MODEL_ONLY), *(Violation(code, said) for code, said in unbacked(text))]
    found += [
        fault
        for fault in stated
        if not (fault.code in _CONFIGURABLE and fault.text in configured)
        and not (fault.code == "no_interest" and words.plan and _is_of_plan(fault.text, text))
    ]
    found += [Violation("asks_known", slot) for slot in words.asked if slot in words.slots]
    found += [Violation("asks_personal", slot) for slot in words.asked if slot in {"cpf", "email", "phone"}]
    found += [Violation("figure", figure) for figure in _promised(text, allowed.knowns)]
    found += [Violation("other_person", name) for name in _strangers(reply, words)]
    if leak := _leaked(text, words):
        found.append(Violation("prompt_text", leak))
    return found


def _forbidden(text: str, rules: Iterable[tuple[str, re.Pattern[str]]]) -> list[Violation]:
    found = []
    for code, pattern in rules:
        for clause in read_by(code, text):
            match = next((m for m in pattern.finditer(clause) if not is_denied(code, clause, m)), None)
            if match:
                found.append(Violation(code, match.group().strip()))
                break
    return found


def _is_of_plan(words: str, text: str) -> bool:
    """Said of a consórcio each time: in no other sentence is there no interest."""
    return all("consorcio" in sentence for sentence in re.split(r"[.!?\n]", text) if words in sentence)


def _unknown_figures(reply: str, text: str, knowns: Sequence[Known]) -> list[str]:
    figures = figures_in(reply)
    unknown = [figure.text for figure in figures if not _is_known(figure, text, knowns)]
    bare = [("percent", match, Decimal(1)) for match in _BARE_RATE.finditer(text)]
    bare += [("money", match, Decimal(100)) for match in _BARE_INSTALMENT.finditer(text)]
    for kind, match, factor in bare:
        digits, at = match[match.lastindex or 0], match.start(match.lastindex or 0)
        value = None if any(figure.start <= at < figure.end for figure in figures) else _decimal(digits)
        if value is not None and not any(known.matches(kind, value * factor) for known in knowns):
            unknown.append(digits)
    return unknown


def _is_known(figure: Figure, text: str, knowns: Sequence[Known]) -> bool:
    same = [known for known in knowns if known.matches(figure.kind, figure.value)]
    per = _PER.match(text[figure.end :]) if figure.kind == "percent" else None
    if per is None:
        return bool(same)
    wanted = "month" if per.group(1) else "year" if per.group(2) else "day"
    # A share of the collateral or of the income is no rate, whatever its number.
    return any(known.per == wanted or not (known.per or known.is_computed) for known in same)


def _promised(text: str, knowns: Sequence[Known]) -> list[str]:
    """The client's own figures given back as an offer: "consigo 0,85%", "sua parcela fica em 500"."""
    found = []
    for figure in figures_in(text):
        same = [known for known in knowns if known.matches(figure.kind, figure.value)]
        if not same or not all(known.is_clients for known in same):
            continue
        start = max(text.rfind(mark, 0, figure.start) for mark in ("! ", "? ", ". ", "\n", ", mas "))
        before = text[start + 1 : figure.start]
        ours = next(iter(_OURS.finditer(before)), None)
        if ours and not _WISHED.search(before[: ours.start()]) and not re.search(r"\bsimul\w+\b", before):
            found.append(figure.text)
    return found


def _decimal(digits: str) -> Decimal | None:
    plain = re.sub(r"\.(?=\d{3}\b)", "", digits).replace(",", ".")
    return Decimal(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else None


def _links(reply: str) -> list[str]:
    without_mail = re.sub(r"\S+@\S+", " ", fold(reply))
    return [match.group().rstrip(".,;:!?)*_") for match in _LINK.finditer(without_mail)]


def _is_listed(link: str, links: Iterable[str]) -> bool:
    bare = _bare_link(link)
    return any(bare == _bare_link(listed) for listed in links)


def _bare_link(link: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", fold(link.strip())).rstrip("/")


def _is_own(data: str, contacts: Iterable[str]) -> bool:
    if "@" in data:
        return fold(data) in contacts
    digits = re.sub(r"\D", "", data)
    return any(contact.endswith(digits) for contact in contacts)


def contacts_in(texts: Iterable[str]) -> frozenset[str]:
    """Phones and e-mails the business names itself, as `AllowedFigures.contacts`."""
    found = [data for text in texts for data in (*personal_data(text), *_TOLL_FREE.findall(text))]
    return frozenset(fold(data) if "@" in data else re.sub(r"\D", "", data) for data in found)


def _strangers(reply: str, words: ModelWords) -> list[str]:
    """First names of people who are not in this conversation."""
    said = set(re.findall(r"[a-z]+", fold(f"{words.said} {words.business}"))) | set(words.people) | {"livia"}
    capital = re.findall(r"\b[A-ZÀ-Ý][a-zà-ÿ]{2,}\b", reply)
    return [word for word in capital if fold(word) in FIRST_NAMES and fold(word) not in said]


# What a business may decide to say of itself; a model may only repeat it.
_CONFIGURABLE = frozenset({"deadline_promise", "claim"})
_RUN = 6  # words in a row that are no coincidence


def _leaked(text: str, words: ModelWords) -> str:
    told = _plain(words.instructions)
    said = re.findall(r"[a-z]+", text)
    for i in range(len(said) - _RUN + 1):
        run = " ".join(said[i : i + _RUN])
        if run in told:
            return run
    return ""


@lru_cache(maxsize=8)
def _plain(instructions: str) -> str:
    return " ".join(re.findall(r"[a-z]+", normalise(instructions).text))
