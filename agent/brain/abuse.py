"""Insults at the company or the agent; anger at banks, debts or life, and swearing for joy, are none."""

import re

_ORDER = re.compile(
    r"\b(?:vai|vao|va) (?:se|te) (?:fod\w+|fud\w+|ferrar|danar|lascar|catar|tratar|arrombar)\b|"
    r"\bvai (?:tomar (?:no|n c|banho)|tnc|a merda|pro inferno|para o inferno|para a puta|para puta|para a merda|catar)|"
    r"\bvao tomar no\b|\b(?:vsf|vtnc|tnc|vtc|se fod(?:e|er|am)|foda se|te odeio|odeio voces?|vai dormir robo)\b"
)
_INSULT = re.compile(
    r"\b(?:idiotas?|imbeci(?:l|s)|burr[oa]s?|burrice|otari[oa]s?|babacas?|vagabund[oa]s?|safad[oa]s?|lad(?:rao|roes|"
    r"ra)|"
    r"ladroe?s|bandid[oa]s?|golpistas?|caloteir[oa]s?|fdp|filh[oa]s? d[ae] (?:uma )?puta|cuzao|cuzoes|arrombad[oa]s?|"
    r"desgracad[oa]s?|retardad[oa]s?|estupid[oa]s?|ridicul[oa]s?|lixo|nojent[oa]s?|palhac[oa]s?|palhacada|cretin[oa]s?|"
    r"escrot[oa]s?|corn[oa]s?|trouxas?|canalhas?|picaretas?|estelionatari[oa]s?|pilantr(?:a|o)s?|inuti(?:l|s)|"
    r"vigaristas?|trambiqueir[oa]s?|cambada|bando de|corja|quadrilha|so (?:sabem|querem) (?:roubar|enganar)|jument[oa]|"
    r"tapad[oa]|mentiros[oa]s?|caralh\w*|porra+|merdas?|bostas?|puta que pariu|puta|pqp|desgraca|krl)\b"
)
_EXPLETIVE = re.compile(r"(?:caralh\w*|porra+|merdas?|bostas?|puta que pariu|puta|pqp|desgraca|krl)")
# Whom it is said to: the company, the agent, or a bare order to it.
_YOU = re.compile(
    r"\b(?:voces?|seus?|suas?|tu|teu|tua|livia|robo|bot|maquina|atendimento|empresa|sistema|site|resposta|"
    r"financeira de|"
    r"isso aqui|responde\w*|fala logo|anda logo|escuta|entende|para de)\b"
)
_OTHERS = re.compile(
    r"\b(?:ex|banco|caixa|itau|bradesco|santander|nubank|marido|esposa|mulher|chefe|patrao|vizinh[oa]|governo|"
    r"politic\w+|"
    r"gerente|cartao|divida|juros|taxa|parcela|carro|casa|apartamento|vida|situacao|emprego|dinheiro|transito|chuva|"
    r"dia|"
    r"outr[oa]s?|medo|tem|existe|cai|caiu|golpe|corretor|agiota|contador|advogad[oa]|irmao|cunhado|amig[oa]|pais)\b"
)
_SELF = re.compile(
    r"\b(?:eu|sou|fui|estou|me senti|me sinto|minha|meu|fiz|tenho|perdi|tomei|esqueci|achando que sou|errei|"
    r"(?<!do )caramba)\b"
)
_JOY = re.compile(
    r"\b(?:bom|boa|legal|lind[oa]|massa|top|otim[oa]|maravilh\w+|show|demais|incrivel|consegui|amei|"
    r"valeu)\b"
)
_COLLECTIVE = re.compile(r"^(?:bando|cambada|corja|quadrilha|seus?|suas?|sua)\b")
_CLAUSE = re.compile(r"[^,.!?\n]+")


def is_abuse(core: str) -> bool:
    if _ORDER.search(core) or _EXPLETIVE.fullmatch(core.strip(" ,.!?")):  # "que merda" is only a sigh
        return True
    return any(_is_insult(clause.group().strip()) for clause in _CLAUSE.finditer(core))


def _is_insult(clause: str) -> bool:
    """Of one clause: it must be meant for us, or be little more than the insult itself."""
    match = _INSULT.search(clause)
    if not match or _SELF.search(clause) or _OTHERS.search(clause[: match.start()]):
        return False
    if _EXPLETIVE.fullmatch(match.group()):
        if _JOY.search(clause) or _OTHERS.search(clause):
            return False
        return bool(_YOU.search(clause) or _INSULT.search(clause, match.end()))
    return bool(_YOU.search(clause) or _COLLECTIVE.match(clause)) or len(clause.split()) <= 3


def names_insult(core: str) -> bool:
    """A word of insult stands in it, whomever it is meant for."""
    return bool(_INSULT.search(core))
