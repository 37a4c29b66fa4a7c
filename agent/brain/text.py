"""One normalisation for everything the rules read: folded, abbreviations spelled out, the original kept."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

MAX_LENGTH = 10_000  # characters; a longer message is cut

ABBREVIATIONS = {
    "vc": "voce",
    "vcs": "voces",
    "ceis": "voces",
    "q": "que",
    "oq": "o que",
    "pq": "porque",
    "tbm": "tambem",
    "tb": "tambem",
    "msm": "mesmo",
    "td": "tudo",
    "tds": "todos",
    "mto": "muito",
    "mt": "muito",
    "mta": "muita",
    "n": "nao",
    "naum": "nao",
    "hj": "hoje",
    "qto": "quanto",
    "qnto": "quanto",
    "qnt": "quanto",
    "qdo": "quando",
    "qnd": "quando",
    "cmg": "comigo",
    "ctg": "contigo",
    "dps": "depois",
    "agr": "agora",
    "blz": "beleza",
    "flw": "falou",
    "vlw": "valeu",
    "vlww": "valeu",
    "obg": "obrigado",
    "obgd": "obrigado",
    "obgda": "obrigada",
    "brigado": "obrigado",
    "brigada": "obrigada",
    "pf": "por favor",
    "pfv": "por favor",
    "pfvr": "por favor",
    "msg": "mensagem",
    "msgs": "mensagens",
    "ap": "apartamento",
    "apto": "apartamento",
    "apt": "apartamento",
    "ape": "apartamento",
    "emprest": "emprestimo",
    "emp": "emprestimo",
    "imov": "imovel",
    "financ": "financiamento",
    "parc": "parcelas",
    "docs": "documentos",
    "aprox": "aproximadamente",
    "pra": "para",
    "pa": "para",
    "pro": "para o",
    "pras": "para as",
    "pros": "para os",
    "p": "para",
    "to": "estou",
    "ta": "esta",
    "tao": "estao",
    "tava": "estava",
    "tah": "esta",
    "eh": "e",
    "neh": "ne",
    "c": "com",
    "cm": "com",
    "s": "sim",
    "ss": "sim",
    "nn": "nao",
    "vdd": "verdade",
    "bj": "beijo",
    "bjs": "beijos",
    "fds": "fim de semana",
    "mlhr": "melhor",
    "nd": "nada",
    **dict.fromkeys(("kero", "qro", "qero", "keru", "queru", "kerro"), "quero"),
    **dict.fromkeys(("keria", "qria"), "queria"),
    **dict.fromkeys(("presiso", "precizo", "presizo", "pressiso", "prexiso"), "preciso"),
    **dict.fromkeys(("ganhu", "ganno"), "ganho"),
    **dict.fromkeys(("resebo", "recebu", "ressebo"), "recebo"),
    "ki": "que",
    "ngm": "ninguem",
    "gnt": "gente",
    "sla": "sei la",
    "mds": "meu deus",
    "cntt": "contato",
    "tel": "telefone",
    "cel": "celular",
    "zap": "whatsapp",
    "whats": "whatsapp",
    "wpp": "whatsapp",
}

_KEEP = {"\n"}
_WORD = re.compile(r"[a-z]+")
_PURPOSE_NEXT = re.compile(
    r" (?:[a-z]{2,}[aei]r|paga|quita|compra|arruma|reforma|termina|cobri|mim|eu)\b"
)  # else "pa" is the state


def _fold_table() -> dict[int, str]:
    """Accented Latin letters to their base letter, one character to one, so that offsets stay."""
    table = {}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base.lower()
    return table


_FOLD = _fold_table()
_BLANKS = {9: " ", 11: " ", 13: "\n", 0x1680: " ", 0x2028: "\n", 0x2029: "\n"}
_QUOTES = {
    ord(a): b
    for a, b in {
        "–": "-",
        "—": "-",
        "−": "-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "´": "'",
    }.items()
}


@dataclass(frozen=True)
class Normalised:
    """`original`: cleaned text as the client wrote it. `text`: folded and spelled out, what the rules read."""

    original: str
    text: str
    _starts: tuple[int, ...] = (0,)  # where each piece begins in `text` …
    _origins: tuple[tuple[int, bool], ...] = ((0, True),)  # … and in `original`; False: an expanded word

    def origin(self, start: int, end: int) -> str:
        """The client's own characters behind text[start:end]."""
        return self.original[self._at(start) : self._at(end - 1) + 1 if end > start else self._at(start)]

    def _at(self, position: int) -> int:
        piece = bisect_right(self._starts, position) - 1
        begin, literal = self._origins[piece]
        return begin + (position - self._starts[piece] if literal else 0)


def clean(text: str) -> str:
    """NFKC without control and format characters, blanks unified, at most MAX_LENGTH characters."""
    text = unicodedata.normalize("NFKC", text[:MAX_LENGTH].replace("\r\n", "\n"))
    text = text.translate(_BLANKS).translate(_QUOTES)
    return "".join(c for c in text if c in _KEEP or c.isprintable())[:MAX_LENGTH]


def fold(text: str) -> str:
    """Lower case, accents off; the length does not change."""
    folded = text.translate(_FOLD)
    lowered = folded.lower()
    return lowered if len(lowered) == len(folded) else "".join(c.lower()[:1] or c for c in folded)


def words(listed: str) -> frozenset[str]:
    """The set of the words in a text separated by blanks."""
    return frozenset(listed.split())


def normalise(text: str) -> Normalised:
    original = clean(text)
    folded = fold(original)
    parts: list[str] = []
    starts, origins, done, length = [0], [(0, True)], 0, 0
    for match in _WORD.finditer(folded):
        full = ABBREVIATIONS.get(match.group())
        if full is None or _is_something_else(original, folded, match.start(), match.end()):
            continue
        parts += [folded[done : match.start()], full]
        length += match.start() - done
        starts += [length, length + len(full)]
        origins += [(match.start(), False), (match.end(), True)]
        length, done = length + len(full), match.end()
    parts.append(folded[done:])
    return Normalised(original, "".join(parts), tuple(starts), tuple(origins))


def _is_something_else(original: str, folded: str, start: int, end: int) -> bool:
    """True for letters that only look like an abbreviation: "a.m.", an address, "Palmas TO", "10 p", "nº 3"."""
    before, after = folded[start - 1 : start] if start else "", folded[end : end + 1]
    if folded[start:end] == "pa" and not _PURPOSE_NEXT.match(folded, end):
        return True
    if after == "@" or before == "@" or (after == "." and folded[end + 1 : end + 2].isalpha()):
        return True
    if before and before in "./-" and folded[start - 2 : start - 1].isalnum():
        return True
    if before.isdigit() or (end - start == 1 and folded[end : end + 2].strip()[:1].isdigit()):
        return True
    if folded[start : end + 7] in {"pro labore", "pro-labore"}:
        return True
    rest = folded[end:].lstrip()[:1]
    return end - start == 2 and start > 0 and original[start:end].isupper() and not (rest and rest.isalnum())
