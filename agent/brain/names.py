"""The client's name: only after a cue, or where it was asked."""

import re

from agent.brain.cues import RELATIVE
from agent.brain.first_names import FIRST_NAMES
from agent.brain.places import starts_place
from agent.brain.text import Normalised, words
from agent.brain.trimmings import bare

AGENT_NAMES = frozenset({"livia"})
_STRONG = re.compile(
    r"(?:(?<![^\n.!,])(?:eu )?chamo|\b(?:me cham[oa]|(?:meu|o) nome(?: completo)?(?: e|:| eh)?|"
    r"pode(?:m)? (?:me )?chamar (?:de|so de)|me chamam de|"
    r"(?:aqui|quem) (?:quem )?fala(?: aqui)? e|quem (?:fala|escreve|esta falando)(?: aqui)? e|(?:fala|"
    r"falando) com|atende por|nome:))"
    r"[ :,-]+(?:(?:e|o|a|seu|dona|sr|sra|de|aqui) ){0,3}"
)
_SOFT = re.compile(
    r"\b(?:(?:eu )?sou(?: eu)?,? (?:o |a )?|aqui (?:e|eh) (?:o |a )|aqui e |e (?:o|a) |"
    r"prazer[,!.]? (?:o |a )?)"
)
_TRAILING = re.compile(
    r"(?:^|[\n,.!] ?|\boi,? |\bola,? |\b(?:bom dia|boa tarde|boa noite),? )([a-z]+(?: [a-z]+)?) (?:aqui|falando|"
    r"na area|na linha|na escuta)\b"
)
_WORD = re.compile(r"[a-z']+")
_LINKS = {"de", "da", "do", "dos", "das", "e", "di", "del"}
_STOP = words(
    """
    amiga amigo querida querido amor flor linda moca ne a o as os um uma uns eu ele ela nos voce voces meu minha
    meus seu sua dele dela que quem qual quais quanto quando como onde porque por para com sem sobre ate em no na ao
    aqui ai la ali nao sim sei ok oi ola opa tudo bem bom boa dia tarde noite obrigado obrigada valeu beleza certo
    isso esse essa este esta estou estao ser sou era foi tem tenho tinha quero queria preciso precisa precisava
    gostaria posso pode podem consigo consegue fazer faz faco ver vou vai moro mora trabalho trabalha ganho recebo
    tiro vale custa simular simulacao emprestimo credito financiamento financiar consorcio consignado garantia
    imovel casa apartamento carro moto veiculo terreno valor taxa juros parcela parcelas prazo meses anos renda
    salario reais mil dinheiro nome sobrenome cidade estado cpf email telefone depois agora hoje amanha ontem
    prefiro falar digo dizer interesse interessado interessada cliente dono dona proprietario proprietaria socio
    socia casado casada solteiro solteira viuvo viuva divorciado divorciada separado separada aposentado aposentada
    autonomo autonoma empresario empresaria servidor servidora funcionario funcionaria professor professora
    motorista desempregado desempregada registrado registrada clt mei pensionista militar policial medico medica
    enfermeiro enfermeira advogado advogada engenheiro engenheira dentista vendedor vendedora comerciante pedreiro
    diarista estudante brasileiro brasileira mulher homem mae pai filho filha irmao irma marido esposa esposo novo
    nova velho velha mesmo mesma contra favor cansado cansada feliz triste sozinho sozinha negativado negativada
    humano humana robo pessoa atendente consultor consultora gerente banco empresa loja favorito agradeco urgente
    rapido porem mas ou se ja ainda so tambem muito pouco mais menos algum alguma nada ninguem alguem sempre nunca
    talvez acho anonimo segredo passo quiser pergunta perguntas desculpa espera calma claro exatamente correto
    errado show legal fala falando kkk kkkk haha rs ha conta cada qualquer concursado concursada assalariado
    assalariada produtor produtora corretor corretora caminhoneiro taxista uber cabeleireira cabeleireiro manicure
    tecnico tecnica analista antigo antiga daqui interessa gente confirmo fechado fechou feito
    """
)
_REFUSALS = re.compile(r"\?|\b(?:por ?que|porque|nao|prefiro|depois|quero|preciso|gostaria|sair|parar|quem)\b")
_LAUGHTER = re.compile(r"k{2,}|(?:rs)+r?|(?:ha|he|hua|hue){2,}h?")
_LAUGH = re.compile(rf"[ ,]+(?:{_LAUGHTER.pattern})\W*$")
_RETURNED = re.compile(r"\be (?:o seu|o teu|voce|vc|qual o seu)\b")
_GREETING = re.compile(
    r"^(?:(?:oi+e?|ola+|opa|bom dia|boa tarde|boa noite|tudo (?:bem|bom)|claro|sim|entao|e|eh|livia|prazer|"
    r"meu nome|o meu e|"
    r"e so|dra?|pode ser|pode (?:me )?chamar(?: de| so de)?|pode (?:botar|colocar|por|anotar|escrever)|anota(?: ai)?|"
    r"bota|coloca|certo|ok|beleza|"
    r"com prazer|o|a|seu|dona|sr|sra|me chamo|sou|aqui)[ ,.!:-]+)*"
)


def find_name(norm: Normalised, asked: str | None) -> str | None:
    """First name, or full name if given; title case."""
    if asked == "name":
        norm = bare(norm)
    text = norm.text
    for match in _STRONG.finditer(text):
        if _is_other_person(text, match):
            continue
        if name := _take(norm, match.end(), strong=True):
            return name
    for match in _SOFT.finditer(text):
        if not _is_soft_start(text, match, asked):
            continue
        if name := _take(norm, match.end(), strong=False):
            return name
    trailing = _TRAILING.search(text)
    if trailing and (name := _take(norm, trailing.start(1), strong=False)):
        return name
    return _answer(norm) if asked == "name" and not _STRONG.search(text) else None


def _is_other_person(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 25) : match.start()]
    after = text[match.end() : match.end() + 20]
    other = re.search(rf"\b{RELATIVE}\b[^.!?\n]*$", before)
    return bool(other) or match.group().startswith("o nome") and bool(re.match(r"(?:d[aeo]|esta|e meu|sujo)\b", after))


def _is_soft_start(text: str, match: re.Match[str], asked: str | None) -> bool:
    if match.group().startswith("e "):
        return asked == "name" and not text[: match.start()].strip(" ,.!")
    return not re.search(r"\b(?:nao|se|quando|quem|que|porque)(?: eu)? ?$", text[: match.start()])


def _take(norm: Normalised, position: int, *, strong: bool) -> str | None:
    """The name that begins at `position`: up to five words, ended by anything that is no name."""
    words: list[re.Match[str]] = []
    for match in _WORD.finditer(norm.text, position, position + 80):
        gap = norm.text[words[-1].end() if words else position : match.start()]
        if gap.strip(" ") or (words and not gap) or len(words) == 6:
            break
        word = match.group()
        if word in _LINKS and words:
            if word == "e" or starts_place(norm, match.end() + 1) and _looks_like_place(norm, words, match):
                break
        elif word in _STOP or _LAUGHTER.fullmatch(word) or len(word) < 2 or words and not _belongs(norm, match, words):
            break
        words.append(match)
    while words and words[-1].group() in _LINKS:
        words.pop()
    if not words or words[0].group() in AGENT_NAMES or words[0].group() in _LINKS:
        return None
    first = norm.origin(words[0].start(), words[0].end())
    if not strong and words[0].group() not in FIRST_NAMES and not first[:1].isupper():
        return None
    return _title(norm, words)


def _looks_like_place(norm: Normalised, words: list[re.Match[str]], link: re.Match[str]) -> bool:
    """ "Tânia de Blumenau": after the first name "de" leads to the city, not to a surname."""
    return link.group() in {"de", "do", "da"} and link.group() == "de"


def _belongs(norm: Normalised, match: re.Match[str], words: list[re.Match[str]]) -> bool:
    """A further word is part of the name if it is written like the first."""
    first = norm.origin(words[0].start(), words[0].end())
    this = norm.origin(match.start(), match.end())
    return this[:1].isupper() or not first[:1].isupper()


def _answer(norm: Normalised) -> str | None:
    for line in re.finditer(r"[^\n]+", norm.text):
        start = line.start() + _GREETING.match(line.group()).end()  # type: ignore[union-attr]
        rest = norm.text[start : line.end()].strip(" .,!)(")
        head = _LAUGH.sub("", re.split(r"[,.;!\n]", rest)[0]).strip()
        words = _WORD.findall(head)
        if (
            not words
            or len(words) > 6
            or re.search(r"\d", head)
            or _REFUSALS.search(head if _RETURNED.search(rest) else rest if "?" in rest else head)
        ):
            continue
        if any(w in _STOP for w in words):
            continue
        if name := _take(norm, start + norm.text[start:].index(head), strong=True):
            return name
    return None


def _title(norm: Normalised, words: list[re.Match[str]]) -> str:
    parts = []
    for match in words:
        word = norm.origin(match.start(), match.end())
        parts.append(word.lower() if match.group() in _LINKS else word[:1].upper() + word[1:].lower())
    return " ".join(parts)
