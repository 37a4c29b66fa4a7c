"""Whether a text is Portuguese, by the small words no sentence goes without."""

import re
from typing import Literal

from agent.brain.text import normalise, words

Language = Literal["pt", "en", "es", "other"]

_PORTUGUESE = words(
    """
    voce voces nao sim com em um uma seu sua seus suas mais como qual quais quanto quanta obrigada obrigado ola oi eu do
    da dos das os as ao aos no na nos nas por pelo pela se isso esse essa este tudo bem bom boa meu minha ja so ate
    tambem muito ou mas quando onde quer quero preciso posso pode vai vou tem tenho sou esta estou e foi ser para que
    renda mensal valor prazo imovel veiculo carro casa credito emprestimo parcela parcelas simulacao consultor cidade
    nome mora meses anos anotado perfeito otimo certo combinado claro entendi entendo legal prazer imagina show
    maravilha agora depois aqui ajudar pagar comprar qualquer logo ate fico disposicao pressa podemos vamos continuar
    seguir amanha hoje pode fica bem-vindo bem-vinda fique vontade conversa conversar falar escrever mandar qualquer
    coisa duvida pronto pronta combinados vejo veja olha beleza bora chamar problema tranquilo tranquila
    """
)
_ENGLISH = words(
    """
    the you your yours is are am and for with please thank thanks what how hello hi hey can could loan this that would
    have has i my we our us it its of in on at to need want got sure income monthly rate credit amount house much many
    do does did not don yes good morning great let know tell help speak english will be been was were who when where
    which there here from get money interest mortgage car i'm i'd
    """
)
_SPANISH = words(
    """
    usted ustedes hola gracias cuanto cuanta cuanto necesito necesita quiero quiere puedo puede tiene tengo su sus los
    las el del y muy pero ingreso ingresos prestamo prestamos dinero cual ahora hasta yo mi mis buenos buenas dias
    tardes noches hablo hablar espanol con un una unos unas para casa coche me gustaria quisiera saber es soy esta
    si no por favor ciudad nombre vivo meses anos credito como estan hipoteca pesos
    """
)
_SHARED_ES = words("no una para casa me saber esta si por favor meses anos credito como su")
_SHARED_EN = words("do no me a as credit car i")
_OTHERS = words(
    """
    il lo gli della dello delle degli sono hai grazie ciao quanti vuoi puoi reddito mensile buongiorno prestito che di
    per piacere tuo tua suo mutuo anche perche posso aiutarti piacere quale
    le les des du vous votre vos est bonjour merci combien je suis pour avec quel quelle revenu mensuel pret nous
    bien besoin avez voulez c'est aider comment appelez quelle etes
    der das und ist ihr ihre sie ich wie viel guten danke bitte kredit haus
    """
)
_SHARED_OTHERS = words("che di posso quale lo per")
_OTHER_SCRIPT = re.compile(
    r"[\u0370-\u03ff\u0400-\u04ff\u0590-\u05ff\u0600-\u06ff\u0900-\u097f\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff"
    r"\uac00-\ud7af]"
)
_MAX_READ = 4_000  # characters
_LINKS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")


def language_of(text: str, least: int = 2) -> Language:
    """The language of a sentence; Portuguese unless `least` words speak for another one."""
    if _OTHER_SCRIPT.search(text):
        return "other"
    found = _words(text)
    portuguese = sum(word in _PORTUGUESE for word in found)
    english = sum(word in _ENGLISH and word not in _SHARED_EN for word in found)
    spanish = sum(word in _SPANISH and word not in _SHARED_ES and word not in _PORTUGUESE for word in found)
    other = sum(word in _OTHERS and word not in _SHARED_OTHERS and word not in _PORTUGUESE for word in found)
    if other >= least and other > portuguese:
        return "other"
    if english >= least and english > portuguese:
        return "en"
    return "es" if spanish >= least and spanish >= portuguese else "pt"


def is_foreign(text: str) -> bool:
    """A client who writes another language; a foreign greeting is no other language."""
    language = language_of(text, least=3)
    return language in {"en", "es"} or (language == "other" and not re.search(r"[çãõ]", text.lower()))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", _LINKS.sub(" ", normalise(text[:_MAX_READ]).text))


def is_portuguese(text: str) -> bool:
    """Stricter, for what Lívia says: a sentence without a single Portuguese word is none."""
    if language_of(text) != "pt":
        return False
    found = _words(text)
    return len(found) < 3 or any(word in _PORTUGUESE for word in found) or bool(re.search(r"[ãõç]", text.lower()))
