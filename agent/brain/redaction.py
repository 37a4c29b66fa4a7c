"""Personal data never reaches a model: placeholders stand in its place, and what they stand for stays here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from validate_docbr import CPF

from agent.brain.cues import RELATIVE
from agent.brain.first_names import FIRST_NAMES
from agent.brain.names import find_name
from agent.brain.surnames import SURNAMES
from agent.brain.text import clean, fold, normalise

CNPJ = re.compile(r"(?<![\d.,])\d{2}[. ]?\d{3}[. ]?\d{3}[/ ]?\d{4}[-. ]?\d{2}(?!\d)")
_CPF = re.compile(r"(?<![\d.,])\d{3}[. -]?\d{3}[. -]?\d{3}[-. /]?\d{2}(?!\d|[.,]\d)")
# Begun only where a word begins: tried at every letter of a long one, it would take seconds.
EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]+(?: ?@ ?|\s?\(?arroba\)?\s?)[\w-]+(?:\s?\.\s?[\w-]+)*\.[a-z]{2,}", re.IGNORECASE
)
PHONE = re.compile(
    r"(?<![\d.,])(?:\+?\d{2}[ .-]?)?\(?0?[1-9]\d\)?[ .-]?9?[ .]?\d{4}[ .-]?\d{4}(?!\d|[.,]\d)|"
    r"(?<![\d.,])9?\d{4}-\d{4}(?!\d)"
)
_CARD = re.compile(r"(?<!\d)(?:\d{4}[ -]?){3}\d{4}(?!\d)")
_SPOKEN_CPF = re.compile(r"(?i)\bcpf\b\D{0,15}((?:\d[ .\-/]?){8,10}\d)")
# Spelled out: "fulano arroba gmail ponto com"
_SPELLED_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,40}(?:\s(?:ponto|underline|underscore|tra[çc]o|h[ií]fen)\s[\w.+%-]{1,40}){0,3}\s?(?:@|"
    r"[(\[]?\barroba\b[)\]]?)\s?[\w-]{2,40}(?:(?:\.|\s[(\[]?ponto[)\]]?\s)[\w-]{2,20}){1,3}",
    re.IGNORECASE,
)
# What identifies a person or opens an account and no reply needs: hidden, and never turned into a slot.
_PRIVATE = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("CARTAO", r"(?<!\d)3\d{3}[ -]?\d{6}[ -]?\d{5}(?!\d)"),
        (
            "SENHA",
            r"\b(?:senha|cvv|cvc|token)\b(?: (?:do|da|é|e|meu|minha|cart[aã]o|banco|app))*[ :]{1,3}[^\s,;]*\d[^\s,;]*",
        ),
        (
            "RG",
            r"\b(?:rg|identidade|ssp(?:[/ -][a-z]{2})?|cnh|habilita[çc][aã]o|t[ií]tulo(?: de eleitor)?|pis|nis|"
            r"passaporte)\b[^\d\n]{0,15}\d[\d.\-/]{4,15}[\dx]?|(?<![\d.,])\d{1,2}\.\d{3}\.\d{3}-[\dx](?!\w)|"
            r"(?<!\d)\d{3}\.\d{5}\.\d{2}-\d(?!\d)",
        ),
        (
            "NASCIMENTO",
            r"\b(?:nasc\w*|anivers[aá]rio)\b[^\d\n]{0,20}"
            r"\d{1,2}(?:[/. -]\d{1,2}[/. -]\d{2,4}| de [a-zç]{4,9}(?: de)? \d{2,4})|"
            r"(?<![\d/])\d{1,2}/\d{1,2}/(?:19\d\d|20[01]\d)(?![\d/])",
        ),
        (
            "CONTA",
            r"\b(?:ag(?:[eê]ncia)?|conta(?: corrente| poupan[cç]a| banc[aá]ria| sal[aá]rio)?|c/?c|poupan[cç]a|"
            r"op(?:era[cç][aã]o)?)\b[.:]?"
            r"\s?(?:n[º°o]?\.? |é |: ?)?\d[\d.]{2,11}(?:-[\dx])?(?!\w|[.,]\d| ?(?:mil|reais|k\b|meses|anos|x\b))",
        ),
        ("CEP", r"\bcep\b[^\d\n]{0,8}\d{2}\.?\d{3}[ -]?\d{3}(?!\d)|(?<![\d.,-])\d{5}-\d{3}(?![\d-])"),
        (
            "ENDERECO",
            r"\b(?:rua|r\.|av\.?|avenida|alameda|al\.|travessa|tv\.|pra[cç]a|rodovia|estrada|largo|viela)\s"
            r"(?:(?!\b(?:vale|vali\w+|custa|quero|preciso|ganho|com|tem|por)\b)[^\d\n,;!?]){2,40},?\s?(?:n[º°o]?\.? ?|"
            r"n[uú]mero )?\d{1,5}(?!\w|[.,]\d| ?(?:mil|reais|k\b|%|milh|quartos|meses|anos|metros|"
            r"m2))(?:[\s,-]{1,3}(?:apto?\.?|ap\.?|apartamento|casa|bloco|bl\.?|sala|fundos|lote|quadra|"
            r"torre)\s?\w{1,4}\b)*|"
            r"\bquadra \w{1,4},? (?:lote|casa) \w{1,4}\b",
        ),
    )
)
_SURNAME_LINK = frozenset({"de", "da", "do", "dos", "das", "e"})
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_OTHERS = re.compile(
    rf"\bcpf (?:e )?(?:d[aoe]s? |del[ea]s?\b)(?!contato|meu cpf)(?:meu |minha |nosso |nossa |outra? )?\w*|"
    rf"\b{RELATIVE}\b[^.!?\n]{{0,30}}\bcpf\b|\bcpf\b[^.!?\n]{{0,40}}\b(?:da|do|de) (?:meu |minha )?{RELATIVE}\b"
    r"|\bcpf (?:de|da|do) (?:outra pessoa|amig[oa]|terceiro)"
)
_cpf = CPF()

# In this order: a card holds what looks like phones, a CNPJ what looks like a CPF.
_KINDS = (("CARTAO", _CARD), ("CNPJ", CNPJ), ("EMAIL", EMAIL), ("CPF", _CPF), ("TELEFONE", PHONE))


@dataclass(frozen=True)
class Redacted:
    """`placeholders`: "[CPF]" to what stood there."""

    text: str
    placeholders: Mapping[str, str] = field(default_factory=dict)


def redact(text: str, *, names: Sequence[str] = (), known: Mapping[str, str] | None = None) -> Redacted:
    """`text` with personal data replaced. `names` are full names whose surnames are hidden too, `known` placeholders
    already given, which equal values keep."""
    book = dict(known or {})
    text = _SPOKEN_CPF.sub(
        lambda match: match.group().replace(match.group(1), _held(book, "CPF", match.group(1))), clean(text)
    )
    for kind, pattern in (_KINDS[0], *_PRIVATE, ("EMAIL", _SPELLED_EMAIL), *_KINDS[1:]):
        text = pattern.sub(partial(_replaced, book, kind), text)
    for surname in _surnames([*names, *_names_in(text)]):
        whole = re.compile(rf"(?<![\w\[]){re.escape(surname)}(?![\w\]])", re.IGNORECASE)
        text = whole.sub(partial(_replaced, book, "SOBRENOME"), text)
    return Redacted(text, book)


def restore(text: str, placeholders: Mapping[str, str]) -> str:
    """The text with every placeholder turned back."""
    for placeholder, value in placeholders.items():
        text = text.replace(placeholder, value)
    return text


def is_others_document(text: str) -> bool:
    """A CPF that the client says is somebody else's."""
    norm = normalise(text[:4000])
    match = _CPF.search(norm.text)
    return bool(match and _cpf.validate(re.sub(r"\D", "", match.group())) and _OTHERS.search(norm.text))


def personal_data(text: str) -> list[str]:
    """Every CPF, CNPJ, card, e-mail and phone in a text, as written."""
    found = []
    for _kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            found.append(match.group())
        text = pattern.sub(" ", text)
    return found


def _replaced(book: dict[str, str], kind: str, match: re.Match[str]) -> str:
    return _held(book, _named(kind, match), match.group())


def _named(kind: str, match: re.Match[str]) -> str:
    """Eleven bare digits that are no CPF are a mobile number."""
    bare = kind == "CPF" and match.group().isdigit() and not _cpf.validate(match.group())
    return "TELEFONE" if bare else kind


def _held(book: dict[str, str], kind: str, value: str) -> str:
    for placeholder, held in book.items():
        if placeholder.startswith(f"[{kind}") and fold(held) == fold(value):
            return placeholder
    number = sum(placeholder.startswith(f"[{kind}") for placeholder in book)
    placeholder = f"[{kind}]" if not number else f"[{kind}_{number + 1}]"
    book[placeholder] = value
    return placeholder


def _names_in(text: str) -> list[str]:
    """Full names a text gives: where the client says so, and what follows a first name like a surname."""
    found = [name for line in text.splitlines() if (name := find_name(normalise(line), None))]
    words = list(_WORD.finditer(text))
    for i, match in enumerate(words):
        if fold(match.group()) not in FIRST_NAMES:
            continue
        run = [match.group()]
        for a, b in zip(words[i:], words[i + 1 : i + 6], strict=False):
            if text[a.end() : b.start()] != " " or not _continues(match.group(), b.group()):
                break
            run.append(b.group())
        found.append(" ".join(run))
    return found


def _continues(first: str, word: str) -> bool:
    """A word after a first name is part of it if it is a surname, or written large like the name."""
    return fold(word) in _SURNAME_LINK | SURNAMES or (first[:1].isupper() and word[:1].isupper())


def _surnames(names: Sequence[str]) -> list[str]:
    """All but the first word of each name, the longest run first."""
    found: dict[str, None] = {}
    for name in names:
        parts = [part for part in re.split(r"\s+", clean(name).strip()) if part]
        while parts and parts[-1] in _SURNAME_LINK:
            parts.pop()
        rest = [part for part in parts[1:] if fold(part) not in _SURNAME_LINK and len(part) > 1]
        found |= dict.fromkeys(part for part in rest if _WORD.fullmatch(part))
    return sorted(found, key=len, reverse=True)
