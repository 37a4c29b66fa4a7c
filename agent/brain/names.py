"""The client's name: only after a cue, or where it was asked."""

import re

from agent.brain.cues import RELATIVE
from agent.brain.first_names import FIRST_NAMES
from agent.brain.places import starts_place
from agent.brain.text import Normalised, words
from agent.brain.trimmings import bare

AGENT_NAMES = frozenset({"livia"})
_STRONG = re.compile(
    r"(?:(?:(?<![^\n.!,])|(?<=[\n.!,] ))(?:(?:eu )?chamo|"
    r"nome(?= (?!sujo|limpo|negativad|no |na |do |da |em ))(?: (?:certo|correto))?(?: e\b)?)|"
    r"\b(?:m[ei] cham[oa]|(?:meu|o) nome(?: completo)?(?: (?:certo|correto|mesmo|verdadeiro))?(?: e|:| eh)?|"
    r"pode(?:m)? (?:me )?chamar (?:de|so de)|me cham(?:am|e) de|me chame|minha graca e|"
    r"(?:aqui|quem) (?:quem )?fala(?: aqui)? e|quem (?:fala|escreve|esta falando)(?: aqui)? e|(?:fala|"
    r"falando) com|atende por|nome:))"
    r"[ :,-]+(?:(?:e|o|a|seu|dona|sr|sra|de|aqui) ){0,3}"
)
_SOFT = re.compile(
    r"\b(?:(?:eu )?sou(?: eu)?,? (?:o |a )?(?:senhora? )?|aqui (?:e|eh) (?:o |a )|aqui e |e (?:o|a) |"
    r"prazer[,!.]? (?:o |a )?)"
)
_FIRST_PERSON = re.compile(r"(?:me cham|meu nome|minha graca|pode)")
# "sou a filha da dona Neuza, Patrícia": the name behind the comma.
_KIN = re.compile(
    rf"\b(?:{RELATIVE}|net[oa]|bisnet[oa]) d[aeo]s? (?:(?:dona|seu|sr|sra|meu|minha) )?[a-z]+, (?:(?:a|o|eu sou) )?"
)
# The answer is a correction, "não é Carla, é Karla com K", or comes with how it is written.
_CORRECTING = re.compile(
    r"^(?:(?:nao,|errou,?|errado,?) (?:e|meu nome e|o certo e) |"
    r"(?:vou |ja |deixa eu )*(?:dizer|falar|mandar|passar|escrever|responder|adiantar|digo|falo)(?: [a-z]+){0,3} ?: ?|"
    r"(?:na verdade|corrigindo|o certo|o correto)[,:]* (?:e |meu nome e )?|com [a-z]{1,2}, |eu[,?:]+ (?:mesm[oa],? )?|"
    r"(?:nao )?(?:e )?[a-z]+(?: nao)?,? (?:e|mas|e sim|mas sim|o certo e) )(?=[a-z]{3})"
)
_SPELT = re.compile(
    r"[, ]+(?:(?:com|sem)(?: o| a)? [a-z]{1,2}\b.*|(?:com|sem) acento.*|(?:e )?nao (?:e )?[a-z]+|mesm[oa]|mas .*|"
    r"ao seu dispor.*)$"
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
    neta sogra sogro tia tio prima primo cunhada cunhado sobrinha sobrinho avo genro nora vizinha vizinho
    errado show legal fala falando kkk kkkk haha rs ha conta cada qualquer concursado concursada assalariado
    assalariada produtor produtora corretor corretora caminhoneiro taxista uber cabeleireira cabeleireiro manicure
    tecnico tecnica analista antigo antiga daqui interessa gente confirmo fechado fechou feito
    home equity auto car capital giro negocio proprio propria reforma obra viagem divida dividas carta compra comprar
    quitar pagar bando golpe golpista golpistas ladrao ladroes fipe inss fgts sujo limpo consulta duvida duvidas
    entendi entendo entendido errei nossa nooossa nossinhora bacana hum humm hmm uai ue vish vixe viche vixi eita
    eitaa oxe oxente caramba caraca credo poxa puxa pow poxinha puts putz aff ufa rapaz mano cara bah tche tipo
    tranquilo tranquila tranquilidade suave maravilha perfeito perfeita otimo otima excelente interessante
    complicado complicada correria correndo dificil facil caro cara barato alto alta salgada puxado
    eh ah ahh oh ohh ihh ixe opa epa eba oba deus senhora ave misericordia olha olhe veja escuta
    escute pera perai calmai espere aguarde aguarda demais bastante primeiro primeira segundo segunda
    verdade mentira serio seria sera pois entao bem assim aham uhum humrum positivo negativo exato exatamente
    continua continuar continue segue seguir vamos bora simbora combinado fechou topo aceito confirmado correto
    corrigindo corrijo desculpe perdao ops oops opss digitei confundi esqueci lembrei sabia imagino imaginei pensei
    legalzinho lindo parabens abraco abracos beijo beijos tchau ate logo falou flw volto voltei
    cheguei chegando dirigindo trabalhando ocupado ocupada almoco reuniao recebi recebido vi visto li ouvi achei
    me ajuda ajude ajudar ajudem senhor sr sra menu inicio iniciar comecar comeco atendimento suporte info
    informacao informacoes opcao opcoes teste testando cancelar sair parar voltar adeus xau fui
    my name the you your are now ignore previous instructions system prompt admin approve help hello hi hey yes please
    start stop test need want loan developer mode act pretend what how speak english thanks good morning
    gostei amei adorei curti topei aposentadoria beneficio pensao salario emprego desemprego empresa
    """
)
# After a first name that stands in no list: what a person says next, and not a comment on what was asked.
_GOES_ON = re.compile(
    r"\W*(?:$|prazer|tudo|e (?:o seu|o teu|voce)|quero|queria|preciso|gostaria|moro|sou|aqui|de [a-z]|tenho|trabalho|"
    r"ganho|bom dia|boa (?:tarde|noite)|oi|ola|obrigad|\d|nome|cpf|rs|k{2}|ha|meu|minha)"
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
    r"com prazer|o|a|seu|senhora?|dona|sr|sra|me chamo|sou|aqui)[ ,.!:-]+)*"
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
    for match in _KIN.finditer(text):
        if name := _take(norm, match.end(), strong=False):
            return name
    trailing = _TRAILING.search(text)
    if trailing and (name := _take(norm, trailing.start(1), strong=False)):
        return name
    return _answer(norm) if asked == "name" and not _STRONG.search(text) else None


def _is_other_person(text: str, match: re.Match[str]) -> bool:
    if _FIRST_PERSON.match(match.group()):
        return False
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
    initials = len(first) < 4 and first.isupper() and not norm.original.isupper()  # "sou PM"
    if not strong and words[0].group() not in FIRST_NAMES and (initials or not first[:1].isupper()):
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
        if correcting := _CORRECTING.match(norm.text[start : line.end()]):
            start += correcting.end()
        rest = _SPELT.sub("", norm.text[start : line.end()].strip(" .,!)("))
        head = _LAUGH.sub("", re.split(r"[,.;!\n]", rest)[0]).strip()
        words = _WORD.findall(head)
        listed = bool(words) and words[0] in FIRST_NAMES
        if (
            not words
            or len(words) > 6
            or re.search(r"\d", head)
            or _REFUSALS.search(head if listed or _RETURNED.search(rest) else rest if "?" in rest else head)
        ):
            continue
        if any(w in _STOP for w in words) or not (listed or _GOES_ON.match(rest[len(head) :])):
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
