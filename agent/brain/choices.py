"""Which product a client asks for."""

import re

from agent.brain.cues import PROPERTY, VEHICLE
from agent.brain.trimmings import bare_span

PRODUCTS = ("home_equity", "real_estate_financing", "auto_equity", "consorcio", "personal_loan", "payroll_loan")
# The order of the list shown to the client: "1", "a segunda" …
_ORDINALS = ("primeir", "segund", "terceir", "quart", "quint", "sext")

_G = r"(?:garantia|garantir|garantido|hipotec\w+|alien\w+|refinanci\w+|penhor\w*|caucao)"
_PLEDGE = r"(?:usar|usando|dar|dando|dou|deixar|deixando|colocar|colocando|oferecer|empenhar|penhorar)"
_MONEY = r"(?:emprestimo|credito|dinheiro|grana)"
_HOME = re.compile(
    rf"\bhome ?equity\b|\bcgi\b|\b{_G}\b[^.!?\n]{{0,30}}?\b{PROPERTY}\b|"
    rf"\b{PROPERTY}\b[^.!?\n]{{0,30}}?\b{_G}\b|\bgarantia imobiliaria\b|"
    rf"\b(?:emprestimo|credito|dinheiro)\b[^.!?\n]{{0,20}}?\b(?:no|na|em cima d[oa]|com (?:o|a|meu|minha)|"
    rf"usando (?:o|a|meu|minha))"
    rf"(?: meu| minha)? {PROPERTY}\b|\b{_PLEDGE}\b[^.!?\n]{{0,12}}?\b{PROPERTY}\b[^.!?\n]{{0,20}}?\b{_MONEY}\b|"
    rf"\brefinanciamento imobiliario\b|(?<!tem )(?<!com )(?<!nenhuma )\bhipoteca\b"
)
_AUTO = re.compile(
    rf"\b(?:auto|car) ?equity\b|\b{_G}\b[^.!?\n]{{0,30}}?\b{VEHICLE}\b|\b{VEHICLE}\b[^.!?\n]{{0,30}}?\b{_G}\b|"
    rf"\bgarantia (?:veicular|auto)\b|"
    rf"\b(?:emprestimo|credito|dinheiro)\b[^.!?\n]{{0,20}}?\b(?:no|na|em cima d[oa]|com (?:o|a|meu|minha)|"
    rf"usando (?:o|a|meu|minha))"
    rf"(?: meu| minha)? {VEHICLE}\b|\b{_PLEDGE}\b[^.!?\n]{{0,12}}?\b{VEHICLE}\b[^.!?\n]{{0,20}}?\b{_MONEY}\b|"
    rf"\brefinanciamento (?:veicular|auto\w*)\b"
)
_FINANCING = re.compile(
    rf"\bfinanci\w+\b[^.!?\n]{{0,35}}?\b{PROPERTY}\b|\bfinanci\w+ (?:imobiliario|habitacional|da caixa)\b|"
    rf"\bcredito (?:imobiliario|habitacional)\b|"
    rf"\b(?:compr(?:ar|a|o)|adquirir|aquisicao)\b[^.!?\n]{{0,20}}?\b(?:{PROPERTY}|apezinho|casinha)\b|"
    rf"\b(?:minha )?casa propria\b|"
    rf"\bminha casa,? minha vida\b|"
    rf"\b(?:escolhi|achei|encontrei|gostei d\w+|visitei|"
    rf"negociando)\b[^.\n]{{0,15}}\b{PROPERTY}\b[^\n]{{0,80}}?\bfinanciamento\b|"
    r"\bsair do aluguel\b|\bprimeiro imovel\b|"
    rf"\b(?:quero|queria|prefiro|vou|pretendo|gostaria de|melhor) (?:mesmo )?(?:e )?financiar\b"
    rf"(?![^.!?\n]{{0,25}}\b(?:{VEHICLE}|energia|placas?|maquin\w+|trator|curso|faculdade|dividas?)\b)"
)
_PLAN = re.compile(
    r"\bconsorcios?\b|\bcarta(?: de credito| contemplada)?\b(?! de (?:motorista|habilitacao))|\bcontemplad[oa]\b"
)
_PAYROLL = re.compile(
    r"\bconsignad[oa]s?\b|\bdesconto (?:direto )?(?:em|na|no|da) (?:folha|beneficio|holerite|aposentadoria)\b|"
    r"\bdescontad[oa]s? (?:em|na|no|da|do) (?:folha|beneficio|holerite|salario)\b|\bmargem consignavel\b|"
    r"\bemprestimo (?:do|pelo|no|com o) (?:meu )?(?:beneficio|inss|aposentadoria)\b"
)
_PERSONAL = re.compile(
    r"\b(?:emprestimo|credito) pessoal\b|^\W*pessoal,? (?:de )?(?:r\$ ?)?\d|\b(?:mil|reais|k) (?:n[oe] |"
    r"d[eo] )?pessoal\b|\bpessoal\b(?= sem garantia)|\bsem (?:dar |deixar |ter )?(?:nenhuma |"
    r"nada (?:de|em) )?garantia\b"
)
_MATCHERS = (
    ("consorcio", _PLAN),
    ("payroll_loan", _PAYROLL),
    ("personal_loan", _PERSONAL),
    ("auto_equity", _AUTO),
    ("home_equity", _HOME),
    ("real_estate_financing", _FINANCING),
)
_UNWANTED = re.compile(
    r"\b(?:nao (?:e|quero|seria|gosto de|preciso de|tenho interesse em|era)|nem|sem ser|tirando|exceto|"
    r"ja tenho|tenho|tinha|devo|pagar o|"
    r"quitar o|pago|parcela do|divida do|sair do|cancelar o?)(?: (?:um|uma|o|a|de|do|meu|minha|esse|mais|outro))* ?$"
)
_OWNED = re.compile(r"\b(?:ja tenho|tenho|tinha)(?: (?:um|uma|o|a|meu|minha|mais|outro))* ?$")
# "consórcio não, quero financiar", "consórcio demora muito"
_TURNED_DOWN = re.compile(
    r"^,? ?(?:(?:eu )?nao\b(?! (?:tenho|sei|conheco|entendo|(?:e|era) (?:um |o )?(?:financi|consorci|emprest|"
    r"consignad)))|demora|nem pensar|(?:e|sao|acho) (?:muito |meio )?"
    r"(?:ruim|demorad|complicad|car[oa]|lent))"
)
_ASKED_PRODUCT = (
    ("consorcio", re.compile(r"\bconsorcio\b|\bcarta\b")),
    ("payroll_loan", re.compile(r"\bconsignad|\bfolha\b|(?<!pelo )(?<!banco do )\binss\b")),
    (
        "personal_loan",
        re.compile(
            r"(?<!oi )(?<!ola )(?<!opa )(?<!dia )(?<!tarde )(?<!noite )\bpessoal\b(?!,? tudo)|\bsem garantia\b|"
            r"\bso emprestimo\b|\bnormal\b"
        ),
    ),
    ("real_estate_financing", re.compile(r"\bfinanci\w+|\bcomprar\b|\bcasa propria\b|\bcompra\b")),
    ("auto_equity", re.compile(rf"\b{VEHICLE}\b|\bveicular\b")),
    (
        "home_equity",
        re.compile(rf"(?<!moro em )(?<!moro na )\b{PROPERTY}\b(?! (?:alugad|de aluguel))|\bimobiliaria?\b"),
    ),
)

_PLEDGED = frozenset({"home_equity", "auto_equity"})
_PURPOSE = re.compile(
    r"\b(?:reform\w+|obras?|constru\w+|ampli\w+|termin\w+|mobili\w+|pint\w+|arrum\w+|decor\w+|consert\w+|equipar|"
    r"melhor\w+|cuidar|acabamento)(?: (?:de|da|do|na|no|a|o|em|minha|meu|nossa|nosso|toda|todo))* ?$"
)
_ADDRESS = re.compile(r"\b(?:rua|avenida|av|alameda|travessa|cep|endereco|condominio)\b[^.;\n]*$")


def find_product(text: str, asked: str | None) -> str | None:
    """Canonical product a normalised text asks for."""
    found = [(m.start(), code) for code, pattern in _MATCHERS if (m := _wanted(text, pattern))]
    if found:
        return _best(found, text)
    if asked != "product":
        return None
    listed = re.fullmatch(
        r"\W*(?:quero |prefiro |seria |e )?(?:(?:a |o )?(?:opcao|numero|n) )?(?:([1-6])|(?:a |"
        r"o )?([a-z]+)[oa])[ªº.)\s]*(?:opcao)?\W*",
        text[slice(*bare_span(text))],
    )
    if listed:
        if listed.group(1):
            return PRODUCTS[int(listed.group(1)) - 1]
        if listed.group(2) in _ORDINALS:
            return PRODUCTS[_ORDINALS.index(listed.group(2))]
    if re.search(rf"\b(?:financi|compr)\w+\b[^.!?\n]{{0,20}}\b{VEHICLE}\b", text):
        return None
    named = ((code, _wanted(text, pattern)) for code, pattern in _ASKED_PRODUCT)
    return next((code for code, match in named if match and not (code in _PLEDGED and _is_beside(text, match))), None)


def _is_beside(text: str, match: re.Match[str]) -> bool:
    """What the money is for, or an address: no collateral."""
    before, after = text[: match.start()], text[match.end() :]
    return bool(_PURPOSE.search(before) or _ADDRESS.search(before) or re.match(r" ?(?:n |n. ?)?\d{1,4}\b", after))


def _wanted(text: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    for match in pattern.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if _TURNED_DOWN.match(after):
            continue
        # "tenho um carro e quero dar em garantia" is a wish, "tenho um consignado" is not
        if not _UNWANTED.search(before) or (pattern in {_AUTO, _HOME} and _OWNED.search(before)):
            return match
    return None


def _best(found: list[tuple[int, str]], text: str) -> str:
    codes = [code for _, code in found]
    collateral = [c for c in codes if c in {"home_equity", "auto_equity"}]
    if collateral and "consorcio" not in codes:
        return min((p, c) for p, c in found if c in collateral)[1]
    return codes[0]
