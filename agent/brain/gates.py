"""What comes before any product: a person in distress, a wish about one's data, a minor, what must not be sent here."""

import re

from agent.brain.opt_out import is_opt_out
from agent.brain.text import normalise
from agent.brain.trimmings import core_of

_DISTRESS = re.compile(
    r"\b(?:quero|queria|querendo|quis|vou|vontade de|pens(?:o|ei|ando|ado) em|tent(?:ei|ar|o)|cheguei a|planej\w+) "
    r"(?:me matar|me suicidar|me enforcar|(?:tirar|acabar com) (?:a )?minha (?:propria )?vida|dar fim (?:a|na) "
    r"(?:minha )?vida)\b(?! (?:de|para|com|n[oa]s?|trabalhando)\b)|"
    r"\b(?:(?<!nao )(?:so )?quer(?:o|ia|endo)|vontade de|pensando em|penso em) (?:so )?(?:morrer|sumir d(?:o mundo|"
    r"a vida))\b(?! de (?:rir|vergonha|fome|amor|inveja)| rindo)|"
    r"\b(?:tirar|acabar com) (?:a )?minha propria vida\b|"
    r"\bnao (?:aguento|quero|consigo|suporto|vale a pena|(?:tenho|vejo|sinto) (?:mais )?(?:vontade|motivos?|razao|"
    r"sentido|porque) (?:de|para|em))(?: mais)?(?: continuar)? (?:viver|vivendo|estar viv[oa]|continuar viv[oa])\b"
    r"(?! (?:de|com|em|n[oa]|assim d|pagando|sem))|"
    r"\bnao aguento mais (?:a |essa |esta )?(?:minha )?vida\b(?! (?:de|d[ao]|corrida|no|na))|"
    r"\b(?:desisti\w*|cansei|cansad[oa]) d[ae] (?:minha )?(?:vida|viver)\b(?! (?:de|assim d|com|em|n[oa]|pagando))|"
    r"\b(?:era|seria|e) melhor (?:eu )?(?:estar |ter )?(?:mort[oa]|morrid[oa]|morrer)\b|"
    r"\b(?:quer(?:o|ia|endo)|vontade de|vou) desistir de tudo\b|"
    r"\bminha vida (?:acabou|nao (?:tem|faz) (?:mais )?sentido)\b"
)
_SUICIDE = re.compile(r"\bsuicid\w+")
_INSURED = re.compile(r"\b(?:segur[oa]|cobre|cobertura|apolice|filme|serie|musica)\b")

_DATA = r"(?:dados|informacoes)(?: pessoais)?\b(?! (?:do|no|d[ao] lista d[eo]) (?:serasa|spc|scr|banco central))"
_ERASE = (
    r"(?:apag(?:a|ue|uem|ar|uei)|exclu(?:a|i|am|ir)|exclusao|delet(?:a|e|em|ar)|remov(?:a|e|am|er)|remocao|elimin(?:a|e|em|"
    r"ar)|eliminacao|anonimiz\w+|retir(?:a|e|em|ar)|tir(?:a|e|em|ar))"
)
_DATA_WISH = re.compile(
    rf"\b{_ERASE}(?: (?:todos?|todas?|d?os|d?as|de|com|por favor|completamente|imediatamente))* "
    rf"(?:meus|minhas) {_DATA}|"
    rf"\b(?:meus|minhas) {_DATA} (?:sejam |fossem |devem ser )?(?:apagad|excluid|deletad|removid|eliminad)\w+|"
    rf"\b(?:quais|que) (?:sao (?:os )?)?(?:meus )?{_DATA}(?: meus)? (?:que )?(?:voces )?(?:tem|possuem|guardam|"
    r"armazenam)\b(?! que)(?: (?:sobre|de) mim| meus)?|"
    rf"\b(?:acess\w+|copia|portabilidade)(?: (?:a|de|dos|das|aos|as|todos|os))* (?:meus|minhas) {_DATA}|"
    r"\b(?:como (?:voces )?(?:conseguiram|tem|obtiveram)|onde (?:voces )?(?:conseguiram|pegaram|arrumaram)) (?:os )?"
    r"meus dados\b|\b(?:exijo|quero|solicito|peco|conforme|segundo|pela|direito\w*)\b[^.!?\n]{0,40}\blgpd\b"
)
# A person is to look at what was decided automatically. A score is mostly that of a bureau, and "rever minha decisão"
# the client's own: neither alone is such a wish.
_DECIDED = r"(?:decis(?:ao|oes)|pontuacao|classificacao|analise|avaliacao)"
_REVIEW_WISH = re.compile(
    r"\b(?:revis\w+|reavali\w+|analise(?: feita)?)\b[^.!?\n]{0,40}\b(?:humana|(?:por|de) uma? (?:pessoa|humano)"
    r"(?: de verdade)?)\b|"
    rf"\b(?:pessoa|humano|alguem|gente)(?: de verdade)? (?:para |pra |que )?(?:revis|reavali|revej|rever)\w*"
    rf"(?: (?:a|as|essa|esta|minha|de|sobre))* {_DECIDED}\b|"
    r"\bdecis(?:ao|oes) (?:que foi |foi |foram )?automati\w+|"
    r"\b(?:revis\w+|reavali\w+|contest\w+|expli\w+|entender|saber)(?: (?:d?a|d?essa|d?esta|minha|como foi|por que))* "
    r"(?:pontuacao|classificacao)\b(?! (?:d[oae]|n[oa]) (?:serasa|spc|scr|boa vista|banco|credito))"
)
_TEENS = r"(?:1[0-7]|dez|onze|doze|treze|[qc]\w*torze|quinze|dezesseis|dezessete)"
_MINOR = re.compile(
    rf"\b(?:eu )?(?:tenho|fiz|so tenho|estou com) (?:so |apenas |ainda )?{_TEENS} (?:anos|aninhos)(?: de idade)?"
    r"(?=\W*$| ?[,.;!?\n]| (?:e (?!\d|mei)|mas|quero|queria|preciso|posso|consigo|gostaria|da para|sou|moro|"
    r"ainda|so)\b)|"
    r"\b(?:eu )?(?:sou|ainda sou) (?:de )?menor(?: de idade)?(?=\W*$| ?[,.;!?\n]| (?:e|mas|quero|posso|consigo)\b)"
)
_GROWN = re.compile(
    r"\b(?:1[89]|[2-9]\d) anos\b|\b(?:mae|pai|responsavel|avo|tutor\w*|errei|brincadeira|maior de idade)\b"
)

_CARD = re.compile(r"(?<!\d)(?:\d{4}([ .-])\d{4}\1\d{4}\1\d{4}|\d{15,16})(?!\d)")
_SECRET = re.compile(
    r"\b(?:senha|pin|token|cvv|cvc)\b(?: (?:do|da|de|meu|minha|cartao|banco|conta|app|e|eh))*[ :=-]{1,3}\d{3,8}\b|"
    r"\bminha senha (?:e|eh|:) ?\S+|"
    r"\b(?:ag|agencia)\b[ .:]*(?:e )?\d{3,5}\b[^\n]{0,20}\b(?:cc|c/c|conta)\b|"
    r"\b(?:cc|c/c|conta)(?: corrente| poupanca)?\b[ .:]*(?:e )?\d{4,12}-?[\dx]\b"
)
_OTHER_MONEY = re.compile(
    r"(?:us\$|u\$s?|€|£|\b(?:usd|eur|gbp)) ?\d[\d.,]*(?: ?(?:mil|k|milh\w+)\b)?|"
    r"\b\d[\d.,]* ?(?:(?:mil|k|milh\w+)\b)?(?: de)? ?(?:€|£|usd\b|eur\b|(?:d[oó]lar(?:es)?|euros?|libras?|"
    r"pesos|ienes|guaranis?|bitcoins?)\b)",
    re.IGNORECASE,
)


def in_distress(text: str) -> bool:
    """Somebody who says they no longer want to live."""
    said = normalise(text).text
    return bool(_DISTRESS.search(said)) or bool(_SUICIDE.search(said) and not _INSURED.search(said))


def asks_about_data(text: str) -> bool:
    """A wish by the data protection law: to have one's data erased, to know what is kept, or a review by a person."""
    return bool(_DATA_WISH.search(normalise(text).text)) or asks_for_review(text)


def asks_for_review(text: str) -> bool:
    """A person is to look again at what was decided automatically (LGPD, art. 20)."""
    return bool(_REVIEW_WISH.search(normalise(text).text))


def wants_silence(text: str) -> bool:
    """An opt-out also without what is said about data."""
    return is_opt_out(core_of(_DATA_WISH.sub(" ", normalise(text).text)))


def is_minor(text: str) -> bool:
    return bool(_MINOR.search(normalise(text).text))


def explains_age(text: str) -> bool:
    """Who was taken for a minor is none, or somebody grown up asks."""
    return bool(_GROWN.search(normalise(text).text))


def holds_secret(text: str) -> bool:
    """A card's number, a password, a bank account."""
    return bool(_CARD.search(text)) or bool(_SECRET.search(normalise(text).text))


def without_other_money(text: str) -> str:
    """The text without amounts in another currency: they are no amounts in reais."""
    return _OTHER_MONEY.sub(" ", text)
