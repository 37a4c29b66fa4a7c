"""Cities and states in the client's words: where to look for them, and typos where they were asked."""

import re

from rapidfuzz import fuzz, process

from agent.brain.first_names import SURNAMES
from agent.brain.gazetteer import (
    BIG,
    CAPITALS,
    COMMON,
    DEMONYMS,
    REGIONS,
    STATES,
    UFS,
    cities,
    is_certain,
    key_of,
    lookup,
)
from agent.brain.place_at import ORDINARY, Place, place_at, spelled_out, uf_after
from agent.brain.text import Normalised
from agent.brain.trimmings import bare

# Where the client lives outweighs where they come from, and that outweighs where the property is.
_IN = r"(?:em|n[oa]s?)"
_CUES = tuple(
    re.compile(rf"\b(?:{cue})[ :,-]+")
    for cue in (
        rf"mor(?:o|ar|amos|ando|a) (?:(?:aqui|atualmente|hoje|agora|sozinh[oa]|de aluguel|faz tempo) )?{_IN}|"
        rf"resid(?:o|imos|indo|ente) (?:hoje )?{_IN}|viv(?:o|emos|endo) {_IN}|(?:me )?mudei (?:para|pra)|"
        rf"(?:minha )?cidade(?: e| de| do| da|:)?(?: minha e)?|fico em|"
        rf"agora (?:(?:estou|estamos|moro) )?{_IN}",
        rf"(?:sou|somos)(?: aqui)?(?: natural)? d[eoa]|(?:falo|falando|escrevo) d[eoa]|aqui (?:d[eoa]|em)|"
        rf"daqui d[eoa]|(?:estou|estamos) {_IN}|regiao d[eoa]|perto d[eoa]|pertinho d[eoa]|"
        rf"(?:servidora?|funcionari[oa]|aposentad[oa]|professora?|policial|militar|concursad[oa]|registrad[oa]|"
        rf"carteira assinada|clt|autonom[oa]|comerciante|empresari[oa]|diarista|pedreiro|motorista|rede)"
        rf"(?: (?:public[oa]|estadual|municipal|federal|d[oae]|inss|estado|rede|aqui))* em",
        r"(?:casa|apartamento|imovel|terreno|sobrado|sala|chacara|sitio|loja|fazenda|lote|galpao)"
        r"(?: \w+){0,4}? (?:em|fica em|n[oa])|trabalho em",
    )
)
_INTRODUCED = re.compile(
    r"\b(?:sou|me chamo|nome e|aqui e|fala e)(?: o| a)? [a-z]+(?: [a-z]+){0,3}?,? (?:(?:aqui )?de|do|da|la de) "
)
# Without a cue: "policial aposentado de Niterói", "uma clínica em Londrina", "Ana, de Feira de Santana".
_LOOSE = re.compile(r"(?:^|(?<=[a-z,.\n] )|(?<=[,.\n]))(?:aqui |la )?(?:de|em) (?=[a-z])")
_LEAVING = re.compile(
    r"\b(?:vou|viajo|viajei|viagem|viajar|ir|fui|volto|voltei|nasci|conta|compr\w+|visitar|passei|ferias|"
    r"nao mor\w+(?: mais)?|morava|morei|sai|vim|antes|filial|agencia|banco|atendem?)\b[^.;!?\n]{0,25}$"
)
_SURNAME = re.compile(rf"(?:{'|'.join(sorted(SURNAMES))})\b")
_ALREADY = re.compile(
    r"(?:zona (?:norte|sul|leste|oeste)|centro|de|em|da|do|no|na|sou|moro|e|eu|aqui|cidade|fica|minha|a|"
    r"resido|atualmente|hoje|bom|entao|oi|ola)[ ,:]+"
)
_OTHERS = re.compile(
    r"\b(?:mae|pai|irma|irmao|filh[oa]|sogr[oa]|amig[oa]|ti[oa]|prim[oa]|avo|cunhad[oa]|esposa|marido)\b[^.,;!?\n]*$"
)
_CAPITAL = re.compile(rf"\bcapital d[eoa] ({'|'.join(sorted(STATES, key=len, reverse=True))})\b")
_NEGATED = re.compile(r"\b(?:nao|nunca)(?: \w+)? $")
_WORD = re.compile(r"[a-z']+")
_NEIGHBOURHOOD = re.compile(
    r"\b(?:vila|jardim|jd|parque|pq|bairro|residencial|conjunto|setor|rua|avenida|av|praca|condominio|loteamento|"
    r"cidade) "
    r"(?:d[eoa]s? )?$"
)
_PART = re.compile(r"(?:zona (?:norte|sul|leste|oeste|central)|centro|periferia|regiao central) d[eoa] ")
_NEIGHBOURLY = re.compile(r"(?:vila|jardim|jd|parque|setor|conjunto|residencial|bairro)\b")
_ASKED_STOP = re.compile(
    r"\b(?:nao|quero|preciso|porque|qual|quanto|taxa|juros|sim|depois|simular|por que|voces|emprestimo|garantia|"
    r"credito|consultor|atendente|obrigad[oa])\b|\?"
)


def find_place(norm: Normalised, asked: str | None) -> Place:
    """City and state, as far as the text tells; both None if it tells neither."""
    norm = spelled_out(bare(norm) if asked in {"city", "uf"} else norm)
    if asked == "city" and (capital := _CAPITAL.search(norm.text)):
        return Place(CAPITALS[STATES[capital[1]]], STATES[capital[1]])
    place = _find(norm, asked)
    if asked != "uf" and place.uf and not place.city:
        place = _city_of(norm, place.uf, sure=asked == "city") or place
    return Place("Brasília", "DF") if place == Place(None, "DF") else place


def _city_of(norm: Normalised, uf: str, *, sure: bool) -> Place | None:
    """ "Pernambuco, Olinda": the city named behind its state."""
    for match in re.finditer(r"(?:,| -|/|\bem|\bcidade d[eo]) ?(?:em |d[eo] )?(?=[a-z])", norm.text):
        place = place_at(norm, match.end(), avoid=frozenset() if sure else COMMON)
        if place and place.city and uf in (lookup(key_of(place.city), uf) or ("", ()))[1]:
            return Place(place.city, uf)
    return None


def _find(norm: Normalised, asked: str | None) -> Place:
    for cue in _CUES:
        for match in cue.finditer(norm.text):
            before = norm.text[: match.start()]
            if _OTHERS.search(before) or _NEGATED.search(before):
                continue
            if place := _near(norm, match.end()):
                return place
    if asked in {"city", "uf"} and (place := _whole(norm, asked)):
        return place
    return _with_state(norm) or _after_name(norm) or _loose(norm) or Place(None, None)


def _near(norm: Normalised, position: int) -> Place | None:
    """The place a cue leads to; after a neighbourhood the next words of the sentence may name the city."""
    if capital := _CAPITAL.match(norm.text, position):
        return Place(CAPITALS[STATES[capital[1]]], STATES[capital[1]])
    if part := _PART.match(norm.text, position):
        position = part.end()
    if place := place_at(norm, position):
        return place
    rest = re.compile(r"[^.;!?\n]{0,60}").match(norm.text, position)
    for match in re.finditer(r"(?:,|-|/|\bem|\bd[eoa]) ?(?=[a-z])", rest.group() if rest else ""):
        avoid = COMMON if match.group().startswith("d") else ORDINARY
        place = place_at(norm, position + match.end(), avoid=avoid)
        if place and place.city:
            return place
    return None


def _after_name(norm: Normalised) -> Place | None:
    """ "sou a Tânia de Blumenau"."""
    for match in _INTRODUCED.finditer(norm.text):
        place = None if _SURNAME.match(norm.text, match.end()) else place_at(norm, match.end(), avoid=ORDINARY)
        if place and place.city:
            return place
    return None


def _loose(norm: Normalised) -> Place | None:
    mixed = not (norm.original.isupper() or norm.original.islower())
    for match in _LOOSE.finditer(norm.text):
        before = norm.text[: match.start()]
        if _SURNAME.match(norm.text, match.end()) or _LEAVING.search(before) or _OTHERS.search(before):
            continue
        previous = re.search(r"([a-z]+) $", before)
        if mixed and previous and previous.start() and norm.origin(*previous.span(1))[:1].isupper():
            continue  # a name: "Rui de Castro"
        within = match.group().strip().endswith("em") and norm.origin(match.end(), match.end() + 1).isupper()
        place = place_at(norm, match.end(), avoid=ORDINARY if within else COMMON)
        if place and within and place.uf and mixed:
            return place
        if not place or not place.city:
            continue
        capital = norm.origin(match.end(), match.end() + 1).isupper() if mixed else key_of(place.city) in BIG
        if capital or re.search(r"[,\n] ?$", before):
            return place
    return None


def starts_place(norm: Normalised, position: int) -> bool:
    """True if a city's name, and no common surname, begins at `position` of norm.text."""
    return not _SURNAME.match(norm.text, position) and place_at(norm, position, avoid=ORDINARY) is not None


_DEMONYM = re.compile(r"^(?:eu )?sou ([a-z]+)$")


def _whole(norm: Normalised, asked: str) -> Place | None:
    """The answer to "which city?": the whole line is about it."""
    demonym = _DEMONYM.match(norm.text.strip(" .,!"))
    state = DEMONYMS.get(demonym[1]) if demonym else _state_only(norm)
    if state:
        return Place(None, state)
    if demonym and key_of(demonym[1]) not in BIG:
        return None
    for match in re.finditer(r"[^\n]+", norm.text):
        line, start = match.group(), match.start()
        lead = len(line) - len(line.lstrip(" ,.!"))
        while more := _ALREADY.match(line, lead):
            lead = more.end()
        if place := place_at(norm, start + lead):
            return _misspelt_longer(norm, place) or place
    if asked == "uf" or _ASKED_STOP.search(norm.text):
        return None
    return _anywhere(norm) or _typo(norm)


def _misspelt_longer(norm: Normalised, place: Place) -> Place | None:
    """ "Porto Alegri" begins with Porto in Piauí, but means the longer name."""
    longer = _typo(norm, likely=90) if place.city else None
    return longer if longer and longer.city and longer.city.count(" ") > (place.city or "").count(" ") else None


def _state_only(norm: Normalised) -> str | None:
    alone = norm.original.strip(" .,!").upper()
    if alone in UFS:  # before "MT" is read as "muito"
        return alone
    stripped = re.sub(r"^(?:sou |moro |fico |e |aqui )*(?:d[eoa] |n[oa] |em )?", "", norm.text.strip(" .,!"))
    if stripped in REGIONS:
        return REGIONS[stripped]
    interior = re.match(
        r"(?:interior|litoral|estado|norte|sul|oeste|leste)(?: norte| sul| leste| oeste)? (?:d[eoa] |"
        r"n[oa] )?(.+)",
        stripped,
    )
    wanted = (interior.group(1) if interior else stripped).strip(" .,!")
    if wanted.upper() in UFS:
        return wanted.upper()
    if interior or wanted not in {"sao paulo", "rio de janeiro"}:
        return STATES.get(wanted)
    return None


def _with_state(norm: Normalised) -> Place | None:
    """ "de Natal RN", "Sorocaba/SP": a city needs no cue if its state stands beside it."""
    for match in re.finditer(r"(?:^|[\n,.;(] ?|\b(?:de|em|do|da|no|na|cidade) )(?=[a-z])", norm.text):
        place = place_at(norm, match.end())
        if place and place.city and _followed_by_state(norm, match.end(), place):
            return place
    bare = re.fullmatch(r"(?:de|em) ([a-z' -]+?)[ .!]*", norm.text.strip())
    if bare and key_of(bare.group(1)) in cities():
        return place_at(norm, norm.text.index(bare.group(1)), avoid=ORDINARY)
    return None


def _followed_by_state(norm: Normalised, start: int, place: Place) -> bool:
    key = key_of(place.city or "")
    at = re.compile(re.escape(key).replace(r"\ ", r"[ -]")).match(norm.text, start)
    return bool(at and uf_after(norm, at.end()))


def _anywhere(norm: Normalised) -> Place | None:
    for match in _WORD.finditer(norm.text):
        if len(match.group()) < 3 and match.group() != "bh":
            continue
        if _NEIGHBOURHOOD.search(norm.text[: match.start()]):
            continue
        place = place_at(norm, match.start(), avoid=COMMON)
        if place and place.city:
            return place
    return None


def _typo(norm: Normalised, *, likely: int = 84) -> Place | None:
    """A misspelt city, where the city was asked; of the likely ones the biggest."""
    text = re.sub(r"^(?:(?:eu |sou |moro |de |em |aqui |na |no |cidade )+)", "", norm.text.strip(" .,!"))
    head = re.split(r"[,\n(/-]", text)[0].strip()
    words = head.split()
    uf = words[-1].upper() if len(words) > 1 and words[-1].upper() in UFS else None
    name = " ".join(words[:-1]) if uf else head
    if not 4 <= len(name) <= 30 or not re.fullmatch(r"[a-z' ]+", name):
        return None
    keys = [key for key, (_, ufs) in cities().items() if uf is None or uf in ufs]
    hits = process.extract(name, keys, scorer=fuzz.ratio, score_cutoff=80, limit=5)
    likely = 95 if _NEIGHBOURLY.match(name) else likely
    hits = [hit for hit in hits if hit[1] >= likely or hit[0] in BIG]
    if not hits:
        return None
    key = max(hits, key=lambda hit: hit[1] + 8 * (hit[0] in BIG))[0]
    city, ufs = lookup(key, uf) or ("", ())
    return Place(city, uf or (ufs[0] if is_certain(key, ufs) else None))
