"""Cities and states in the client's words: 5,500 places with their state, nicknames, and typos where asked."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from agent.brain.first_names import SURNAMES
from agent.brain.gazetteer import COMMON, LARGEST, STATES, UFS, cities, key_of, lookup
from agent.brain.text import Normalised

_CUE = re.compile(
    r"\b(?:sou d[eoa]|somos d[eoa]|sou natural de|morar? em|moro (?:em|n[oa]|aqui (?:em|n[oa])|atualmente em|hoje em)|"
    r"moramos (?:em|n[oa])|resido (?:em|n[oa])|vivo em|falo d[eoa]|falando d[eoa]|aqui (?:de|em|d[oa])|"
    r"daqui (?:de|d[oa])|"
    r"estou (?:em|n[oa])|cidade(?: e| de| do| da|:)?(?: minha e)?|fico em|mudei (?:para|pra)|mora(?:mos)? em|"
    r"regiao d[eoa]|perto d[eoa]|"
    r"(?:casa|apartamento|imovel|terreno|sobrado|sala|chacara|sitio|loja|fazenda|lote|"
    r"galpao)(?: \w+){0,4}? (?:em|fica em|n[oa]))"
    r"[ :,-]+"
)
_INTRODUCED = re.compile(
    r"\b(?:sou|me chamo|nome e|aqui e|fala e)(?: o| a)? [a-z]+(?: [a-z]+){0,3}?,? (?:(?:aqui )?de|do|da|la de) "
)
_SURNAME = re.compile(rf"(?:{'|'.join(sorted(SURNAMES))})\b")
_ALREADY = re.compile(r"^(?:(?:zona (?:norte|sul|leste|oeste)|de|em|da|do|no|na|sou de|moro em|aqui em|aqui e|e) )")
_STATE_ONLY = re.compile(
    r"(?<!zona )\b(?:interior|litoral|estado|sul|norte|oeste|leste|regiao|capital|perto|todo) (?:d[eoa]s? )?$"
)
_OTHERS = re.compile(
    r"\b(?:mae|pai|irma|irmao|filh[oa]|sogr[oa]|amig[oa]|ti[oa]|prim[oa]|avo|cunhad[oa]|esposa|marido)\b[^.,;!?\n]*$"
)
_WORD = re.compile(r"[a-z']+")
_ASKED_STOP = re.compile(
    r"\b(?:nao|quero|preciso|porque|qual|quanto|taxa|juros|sim|depois|simular|por que|voces|emprestimo|garantia|"
    r"credito|consultor|atendente|obrigad[oa])\b|\?"
)


@dataclass(frozen=True)
class Place:
    city: str | None
    uf: str | None


def find_place(norm: Normalised, asked: str | None) -> Place:
    """City and state, as far as the text tells; both None if it tells neither."""
    place = _find(norm, asked)
    return Place("Brasília", "DF") if place == Place(None, "DF") else place


def _find(norm: Normalised, asked: str | None) -> Place:
    text = norm.text
    if asked in {"city", "uf"} and (place := _whole(norm, asked)):
        return place
    for match in _CUE.finditer(text):
        if _OTHERS.search(text[: match.start()]):
            continue
        if place := _at(norm, match.end(), strict=False):
            return place
    return _with_state(norm) or _after_name(norm) or Place(None, None)


def _after_name(norm: Normalised) -> Place | None:
    """ "sou a Tânia de Blumenau"."""
    for match in _INTRODUCED.finditer(norm.text):
        place = None if _SURNAME.match(norm.text, match.end()) else _at(norm, match.end(), strict=True)
        if place and place.city:
            return place
    return None


def starts_place(norm: Normalised, position: int) -> bool:
    """True if a city's name, and no common surname, begins at `position` of norm.text."""
    return not _SURNAME.match(norm.text, position) and _at(norm, position, strict=True) is not None


def _whole(norm: Normalised, asked: str) -> Place | None:
    """The answer to "which city?": the whole line is about it."""
    state = _state_only(norm.text)
    if state:
        return Place(None, state)
    for match in re.finditer(r"[^\n]+", norm.text):
        line, start = match.group(), match.start()
        lead = len(line) - len(line.lstrip(" ,.!"))
        while more := _ALREADY.match(line[lead:]):
            lead += more.end()
        if place := _at(norm, start + lead, strict=False):
            return place
    if asked == "uf" or _ASKED_STOP.search(norm.text):
        return None
    return _anywhere(norm) or _typo(norm)


def _state_only(text: str) -> str | None:
    stripped = re.sub(r"^(?:sou |moro |fico |e |aqui )*(?:d[eoa] |n[oa] |em )?", "", text.strip(" .,!"))
    interior = re.match(r"(?:interior|litoral|estado|norte|sul|oeste|leste) (?:d[eoa] |n[oa] )?(.+)", stripped)
    wanted = (interior.group(1) if interior else stripped).strip(" .,!")
    if wanted.upper() in UFS:
        return wanted.upper()
    if interior or wanted not in {"sao paulo", "rio de janeiro"}:
        return STATES.get(wanted)
    return None


def _at(norm: Normalised, position: int, *, strict: bool) -> Place | None:
    """The longest city name that begins at `position`, with the state that follows it."""
    words: list[re.Match[str]] = []
    for match in _WORD.finditer(norm.text, position, position + 60):
        gap = norm.text[words[-1].end() if words else position : match.start()]
        if gap.strip(" -") or (words and not gap):
            break
        words.append(match)
        if len(words) == 6:
            break
    for count in range(len(words), 0, -1):
        key = " ".join(w.group() for w in words[:count])
        if strict and key in COMMON:
            continue
        found = lookup(key)
        if found:
            return _place(norm, found, words[count - 1].end(), words[0].start())
    if words:
        return _state_at(norm, words, position)
    return None


def _place(norm: Normalised, found: tuple[str, tuple[str, ...]], end: int, start: int) -> Place | None:
    name, ufs = found
    said = _uf_after(norm, end)
    if _STATE_ONLY.search(norm.text[:start]) and key_of(name) in STATES:
        return Place(None, STATES[key_of(name)])
    if said:
        return Place(name, said)
    certain = len(ufs) == 1 or key_of(name) in LARGEST
    return Place(name, ufs[0] if certain else None)


def _state_at(norm: Normalised, words: list[re.Match[str]], position: int) -> Place | None:
    for count in (4, 3, 2, 1):
        key = " ".join(w.group() for w in words[:count])
        if key in STATES and key != "para":
            return Place(None, STATES[key])
    first = words[0]
    if norm.origin(first.start(), first.end()) in UFS:
        return Place(None, first.group().upper())
    return _interior(norm, position)


def _interior(norm: Normalised, position: int) -> Place | None:
    match = re.compile(r"(?:interior|litoral|estado|sul|norte)(?: d[eoa])? ([a-z ]+)").match(norm.text, position)
    if not match:
        return None
    words = match.group(1).split()
    for count in (4, 3, 2, 1):
        key = " ".join(words[:count])
        if key in STATES:
            return Place(None, STATES[key])
    return Place(None, words[0].upper()) if words and words[0].upper() in UFS else None


def _uf_after(norm: Normalised, end: int) -> str | None:
    rest = norm.text[end : end + 30]
    separated = re.match(r" ?[-/,(] ?(?:no |na |em |estado d[eoa] )?([a-z]+(?: [a-z]+){0,3})", rest)
    if separated:
        words = separated.group(1).split()
        if words[0].upper() in UFS and (words[0] not in {"para", "se", "ma", "to"} or len(words) == 1):
            return words[0].upper()
        for count in (4, 3, 2, 1):
            if " ".join(words[:count]) in STATES and " ".join(words[:count]) != "para":
                return STATES[" ".join(words[:count])]
        return None
    plain = re.match(
        r" (?:no |na |em |interior d[eoa] |d[eoa] )?([a-z]+(?: grosso do sul| grosso| grande do norte| grande do sul| "
        r"paulo| gerais| santo| federal| catarina| de janeiro)?)\b",
        rest,
    )
    if not plain:
        return None
    word, original = plain.group(1), norm.origin(end + plain.start(1), end + plain.end(1))
    if word in STATES and word != "para":
        return STATES[word]
    upper = word.upper()
    if upper in UFS and (
        original.isupper() or upper not in {"SE", "PA", "MA", "ES", "AL", "AM", "CE", "TO", "AC", "AP"}
    ):
        return upper
    return None


def _with_state(norm: Normalised) -> Place | None:
    """ "de Natal RN", "Sorocaba/SP": a city needs no cue if its state stands beside it."""
    for match in re.finditer(r"(?:^|[\n,.;(] ?|\b(?:de|em|do|da|no|na|cidade) )(?=[a-z])", norm.text):
        place = _at(norm, match.end(), strict=False)
        if place and place.city and _followed_by_state(norm, match.end(), place):
            return place
    bare = re.fullmatch(r"(?:de|em) ([a-z' -]+?)[ .!]*", norm.text.strip())
    if bare and key_of(bare.group(1)) in cities():
        return _at(norm, norm.text.index(bare.group(1)), strict=True)
    return None


def _followed_by_state(norm: Normalised, start: int, place: Place) -> bool:
    key = key_of(place.city or "")
    at = re.compile(re.escape(key).replace(r"\ ", r"[ -]")).match(norm.text, start)
    return bool(at and _uf_after(norm, at.end()))


def _anywhere(norm: Normalised) -> Place | None:
    for match in _WORD.finditer(norm.text):
        if match.group() in COMMON or len(match.group()) < 3:
            continue
        place = _at(norm, match.start(), strict=True)
        if place and place.city:
            return place
    return None


def _typo(norm: Normalised) -> Place | None:
    """A misspelt city, where the city was asked."""
    text = re.sub(r"^(?:(?:eu |sou |moro |de |em |aqui |na |no |cidade )+)", "", norm.text.strip(" .,!"))
    head = re.split(r"[,\n(/-]", text)[0].strip()
    words = head.split()
    uf = words[-1].upper() if len(words) > 1 and words[-1].upper() in UFS else None
    name = " ".join(words[:-1]) if uf else head
    if not 4 <= len(name) <= 30 or not re.fullmatch(r"[a-z' ]+", name):
        return None
    hit = process.extractOne(name, cities().keys(), scorer=fuzz.ratio, score_cutoff=84)
    if not hit:
        return None
    city, ufs = lookup(hit[0]) or ("", ())
    return Place(city, uf or (ufs[0] if len(ufs) == 1 or hit[0] in LARGEST else None))
