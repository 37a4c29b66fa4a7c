"""Slots with a fixed set of values: product, occupation, purpose, whether the collateral is paid off, urgency."""

import re
from typing import Literal

from agent.brain.cues import PROPERTY, RELATIVE, VEHICLE

PRODUCTS = ("home_equity", "real_estate_financing", "auto_equity", "consorcio", "personal_loan", "payroll_loan")
# The order of the list shown to the client: "1", "a segunda" …
_ORDINALS = ("primeir", "segund", "terceir", "quart", "quint", "sext")

_BY = r"(?:em |de |como |na |por |com |dar |dou |deixar |colocar |usar |usando )"
_G = r"(?:garantia|garantir|garantido|hipotec\w+|alien\w+|refinanci\w+|penhor\w*|caucao)"
_HOME = re.compile(
    rf"\bhome ?equity\b|\bcgi\b|\b{_G}\b[^.!?\n]{{0,30}}?\b{PROPERTY}\b|\b{PROPERTY}\b[^.!?\n]{{0,30}}?\b{_G}\b|\bgarantia imobiliaria\b|"
    rf"\b(?:emprestimo|credito|dinheiro)\b[^.!?\n]{{0,20}}?\b(?:no|na|em cima d[oa]|com (?:o|a|meu|minha)|usando (?:o|a|meu|minha))"
    rf"(?: meu| minha)? {PROPERTY}\b|\brefinanciamento imobiliario\b|\bhipoteca\b"
)
_AUTO = re.compile(
    rf"\b(?:auto|car) ?equity\b|\b{_G}\b[^.!?\n]{{0,30}}?\b{VEHICLE}\b|\b{VEHICLE}\b[^.!?\n]{{0,30}}?\b{_G}\b|\bgarantia (?:veicular|auto)\b|"
    rf"\b(?:emprestimo|credito|dinheiro)\b[^.!?\n]{{0,20}}?\b(?:no|na|em cima d[oa]|com (?:o|a|meu|minha)|usando (?:o|a|meu|minha))"
    rf"(?: meu| minha)? {VEHICLE}\b|\brefinanciamento (?:veicular|auto\w*)\b"
)
_FINANCING = re.compile(
    rf"\bfinanci\w+\b[^.!?\n]{{0,35}}?\b{PROPERTY}\b|\bfinanci\w+ (?:imobiliario|habitacional|da caixa)\b|\bcredito (?:imobiliario|habitacional)\b|"
    rf"\b(?:compr(?:ar|a|o)|adquirir|aquisicao)\b[^.!?\n]{{0,20}}?\b{PROPERTY}\b|\b(?:minha )?casa propria\b|\bminha casa,? minha vida\b|"
    r"\bsair do aluguel\b|\bprimeiro imovel\b"
)
_PLAN = re.compile(
    r"\bconsorcios?\b|\bcarta(?: de credito| contemplada)?\b(?! de (?:motorista|habilitacao))|\bcontemplad[oa]\b"
)
_PAYROLL = re.compile(
    r"\bconsignad[oa]s?\b|\bdesconto (?:direto )?(?:em|na|no|da) (?:folha|beneficio|holerite|aposentadoria)\b|"
    r"\bdescontad[oa]s? (?:em|na|no|da|do) (?:folha|beneficio|holerite|salario)\b|\bmargem consignavel\b|\bemprestimo (?:do|pelo) inss\b"
)
_PERSONAL = re.compile(
    r"\b(?:emprestimo|credito) pessoal\b|\bpessoal\b(?= sem garantia)|\bsem (?:dar |deixar |ter )?(?:nenhuma |nada (?:de|em) )?garantia\b"
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
    r"\b(?:nao (?:e|quero|seria|gosto de|preciso de|tenho interesse em|era)|nem|sem ser|tirando|exceto|ja tenho|tenho|tinha|devo|pagar o|"
    r"quitar o|pago|parcela do|divida do|sair do|cancelar o?)(?: (?:um|uma|o|a|de|do|meu|minha|esse|mais|outro))* ?$"
)
_ASKED_PRODUCT = (
    ("consorcio", re.compile(r"\bconsorcio\b|\bcarta\b")),
    ("payroll_loan", re.compile(r"\bconsignad|\bfolha\b|\binss\b")),
    ("personal_loan", re.compile(r"\bpessoal\b|\bsem garantia\b|\bso emprestimo\b|\bnormal\b")),
    ("real_estate_financing", re.compile(r"\bfinanci\w+|\bcomprar\b|\bcasa propria\b|\bcompra\b")),
    ("auto_equity", re.compile(rf"\b{VEHICLE}\b|\bveicular\b")),
    ("home_equity", re.compile(rf"\b{PROPERTY}\b|\bimobiliaria?\b")),
)


def find_product(text: str, asked: str | None) -> str | None:
    """Canonical product a normalised text asks for."""
    found = [(m.start(), code) for code, pattern in _MATCHERS if (m := _wanted(text, pattern))]
    if found:
        return _best(found, text)
    if asked != "product":
        return None
    listed = re.fullmatch(
        r"\W*(?:(?:a |o )?(?:opcao|numero|n) )?(?:([1-6])|(?:a |o )?([a-z]+)[oa])[ªº.)\s]*(?:opcao)?\W*", text
    )
    if listed:
        if listed.group(1):
            return PRODUCTS[int(listed.group(1)) - 1]
        if listed.group(2) in _ORDINALS:
            return PRODUCTS[_ORDINALS.index(listed.group(2))]
    if re.search(rf"\bfinanci\w+\b[^.!?\n]{{0,20}}\b{VEHICLE}\b", text):
        return None
    return next((code for code, pattern in _ASKED_PRODUCT if _wanted(text, pattern)), None)


def _wanted(text: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    for match in pattern.finditer(text):
        if not _UNWANTED.search(text[: match.start()]):
            return match
    return None


def _best(found: list[tuple[int, str]], text: str) -> str:
    codes = [code for _, code in found]
    collateral = [c for c in codes if c in {"home_equity", "auto_equity"}]
    if collateral and "consorcio" not in codes:
        return min((p, c) for p, c in found if c in collateral)[1]
    return codes[0]


OCCUPATIONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (value, re.compile(pattern))
    for value, pattern in (
        (
            "retired",
            r"\baposentad[oa]\b|\bpensionista\b|\bme aposentei\b|\baposentei\b|\brecebo (?:do |pelo )?inss\b|\bbeneficiari[oa] do inss\b|\bbpc\b",
        ),
        (
            "unemployed",
            r"\bdesempregad[oa]\b|\bsem (?:emprego|trabalho|trabalhar)\b|\bprocurando emprego\b|\b(?:perdi|sai d)o? ?(?:o )?(?:meu )?emprego\b|\bseguro desemprego\b|\bestou parad[oa]\b",
        ),
        (
            "public_servant",
            r"\bservidor(?:a)?\b|\bfuncionari[oa] public[oa]\b|\bconcursad[oa]\b|\bestatutari[oa]\b|\bmilitar\b|\bpolicial\b|\bbombeir[oa]\b|"
            r"\btrabalho (?:na prefeitura|no estado|no governo|no tribunal|no forum)\b|\bprofessora? (?:do estado|da rede|estadual|municipal|concursad)|\b(?:da|na) prefeitura\b|\bcargo publico\b",
        ),
        (
            "business_owner",
            r"\bempresari[oa]\b|\b(?:son?|dono|dona|socio|socia|proprietari[oa]) d[eoa]s? (?:um |uma |minha |meu )?(?:empresa|loja|comercio|negocio|restaurante|padaria|mercado|mercadinho|salao|oficina|bar|clinica|escritorio|academia|farmacia|pousada|transportadora|construtora|pizzaria|lanchonete|pet ?shop|escola|[a-z]+aria)\b|"
            r"\btenho (?:um |uma |minha |meu )?(?:pequen[oa] |propri[oa] )?(?:empresa|loja|comercio|negocio|restaurante|padaria|mercado|mercadinho|salao|oficina|lanchonete|cnpj|clinica|escritorio|academia|farmacia|lojinha|pizzaria|bar)\b|"
            r"\bcomerciante\b|\bempreendedora?\b|\bsoci[oa]\b|\bpro.?labore\b|\bminha (?:propria )?empresa\b|\bpj com empresa\b",
        ),
        (
            "self_employed",
            r"\bautonom[oa]\b|\bfreelanc\w+|\bfreela\b|\b(?:por|de|trabalho por) conta(?: propria)?\b|\bconta propria\b|\b(?:sou|como|trabalho como|tenho) mei\b|\bmei\b|\bprofissional liberal\b|"
            r"\binformal\b|\bbicos?\b|\bdiarista\b|\bmotorista de (?:app|aplicativo)\b|\b(?:no|de|do|faco) uber\b|\buber\b|\btaxista\b|\bcabeleireir[oa]\b|\bmanicure\b|\bpedreiro\b|\bsem carteira\b|\bvendo (?:marmita|roupa|doces?)\w*|\bcaminhoneiro\b|\bpj\b",
        ),
        (
            "clt",
            r"\bclt\b|\bcarteira (?:assinada|registrada)\b|\bregistrad[oa]\b|\bde carteira\b|\bassalariad[oa]\b|\bempregad[oa]\b|\bfuncionari[oa]\b|\btrabalho (?:em|numa?|no|na|para) (?:uma? )?"
            r"(?:empresa|fabrica|banco|hospital|escola|supermercado|mercado|escritorio|loja|industria|clinica|firma|multinacional|construtora)\b|\btenho registro\b|\bfichad[oa]\b",
        ),
    )
)
_NOT_ME = re.compile(
    rf"\b(?:meu|minha) {RELATIVE}\b[^.,;!?\n]*$|\b(?:nao|nunca|ex)(?: (?:sou|estou|trabalho|mais|fui|e|mais sou))*[ -]?$|\b(?:quero|gostaria) (?:ser|virar)[a-z ]*$"
)


def find_occupation(text: str, asked: str | None) -> str | None:
    """Of the client, not of a relative."""
    for value, pattern in OCCUPATIONS:
        for match in pattern.finditer(text):
            if not _NOT_ME.search(text[: match.start()]) and (
                asked == "occupation" or _is_statement(text, match, value)
            ):
                return value
    return None


def _is_statement(text: str, match: re.Match[str], value: str) -> bool:
    """Unasked, a question ("aceita autônomo?") or a wish ("abrir minha empresa") says nothing about the client."""
    sentence = re.split(r"[.!\n]", text[match.start() :])[0]
    if "?" in sentence and re.search(
        r"\b(?:aceita\w*|fazem|atende\w*|serve|tem para|pode(?: ser)?|quem e)\b", text[: match.start()]
    ):
        return False
    if value == "business_owner" and re.search(
        r"\b(?:abrir|montar|investir|comprar|ampliar|para)\b[^.,;!?\n]*$", text[: match.start()]
    ):
        return False
    return not re.search(r"\b(?:emprestimo|credito|consignado|linha) (?:para|de) [a-z ]*$", text[: match.start()])


PURPOSES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (value, re.compile(pattern))
    for value, pattern in (
        (
            "debt_consolidation",
            r"\b(?:pagar|quitar|juntar|trocar|unificar|acabar com|liquidar|renegociar|sair d[aeo]s?|me livrar d\w+|limpar|zerar|acertar|cobrir|matar)\b[^.!?\n]{0,25}?"
            r"\b(?:dividas?|cartao|cartoes|cheque especial|(?:meu |o )?nome|emprestimos?|contas?(?: atrasadas)?|boletos|agiota|financeira|banco|juros|atrasad\w+|devendo|pendencias?|consignados?|faturas?|debitos?)\b|"
            r"\bdividas?\b|\bnome sujo\b|\blimpar (?:o )?(?:meu )?nome\b|\bcartao (?:estourado|de credito|atrasado)\b|\bcheque especial\b|\bcontas atrasadas\b|\bconsolidar\b",
        ),
        (
            "renovation",
            r"\breforma\w*|\bobras?\b|\bconstru(?:ir|cao|indo)\b|\bampliar (?:a |minha )?casa\b|\b(?:trocar|arrumar|fazer|consertar) (?:o |a |de )?(?:telhado|banheiro|cozinha|piso|casa)\b|\b(?:terminar|acabar|aumentar|pintar) (?:a |minha |de construir )?(?:casa|obra)\b|\bpuxadinho\b|\bpiscina\b",
        ),
        (
            "business",
            r"\bcapital de giro\b|\bgiro\b|\binvestir (?:n[oa]s? |em )?(?:um |uma |meu |minha |mim )?(?:propri[oa] )?(?:negocio|empresa|loja|comercio|restaurante|salao|oficina|franquia)\w*|"
            r"\b(?:abrir|montar|ampliar|expandir|comecar|iniciar|tocar|alavancar|crescer|melhorar|equipar)\b[^.!?\n]{0,20}?\b(?:negocios?|empresa|loja|comercio|restaurante|salao|oficina|franquia|lanchonete|padaria|clinica|escritorio|lojinha|confeccao)\b|"
            r"\b(?:para|na|no|pro) (?:a |o )?(?:minha |meu )?(?:propri[oa] )?(?:empresa|negocio|loja|comercio|restaurante|oficina|salao)\b|\bestoque\b|\bmaquinari?[oa]?s?\b|\b(?:comprar|novas?) maquinas?\b|\bempreender\b|\bmercadoria\b",
        ),
        ("education", r"\b(?:faculdade|estudos?|estudar|curso|mba|intercambio|escola d)\b"),
        ("health", r"\b(?:cirurgia|tratamento|dentista|saude|remedios?|implante)\b"),
        ("travel", r"\bviag(?:em|ens)\b|\bviajar\b|\bcasamento\b|\bfesta\b"),
        (
            "purchase",
            rf"\b(?:comprar|trocar de|compra d[eoa]|dar entrada)\b[^.!?\n]{{0,15}}?\b(?:{PROPERTY}|{VEHICLE})\b",
        ),
        ("investment", r"\binvestir\b|\binvestimentos?\b"),
    )
)
_GOAL = re.compile(
    r"\b(?:para|usar|quero|preciso|vou|queria|finalidade|objetivo|e|quitar|pagar|reformar?|investir|ajudar|motivo)\b"
)


def find_purpose(text: str, asked: str | None) -> str | None:
    for value, pattern in PURPOSES:
        for match in pattern.finditer(text):
            before = text[: match.start()]
            if (
                re.search(
                    r"\b(?:nao (?:tenho|e|quero|devo)|sem|nenhuma|tenho|quanto de|ja tenho uma?)(?: [a-z]+)? ?$", before
                )
                and asked != "purpose"
            ):
                continue
            if asked == "purpose" or _GOAL.search(before + match.group()):
                return value
    return None


_PAID = re.compile(
    r"\bquitad[oa]s?\b|\b(?:ja )?(?:paguei|pago|terminei de pagar)(?: el[ea])? (?:tudo|total|inteir[oa]|a vista)\b|\bsem (?:nenhuma )?(?:divida|financiamento|onus|alienacao)\b|"
    r"\b(?:livre e desembaracad\w+|todo pag[oa]|tudo pago|ja e meu|ta pag[oa]|esta pag[oa]|sem nada devendo|nao devo nada)\b|\bcomprei a vista\b|\bnao (?:e|esta) (?:financiad|alienad)[oa]\b"
)
_OWED = re.compile(
    rf"\bnao(?: \w+){{0,3}} quitad|\bainda (?:pago|estou pagando|devo|falta|e financiad|esta financiad|tem|financiad|nao)|\b(?:falta|faltam|restam)\b[^.!?\n]{{0,20}}\b(?:parcel|prestac|anos|meses|quitar|pagar)|"
    rf"\bestou pagando\b|\b{VEHICLE} (?:e |esta |ainda )*(?:financiad|alienad)|\b{PROPERTY} (?:e |esta |ainda )*(?:financiad|alienad)|\btem (?:saldo|financiamento|alienacao)|\bpagando ainda\b|\bquase quitad|\bfaltam? quitar\b|\bmeio quitad"
)


def find_paid_off(text: str, asked: str | None, intent: str) -> bool | None:
    """Whether the collateral is free of debt."""
    if asked == "collateral_paid_off":
        if _OWED.search(text) or re.search(r"\bfinanciad[oa]\b|\balienad[oa]\b|\bparcialmente\b|\bem parte\b", text):
            return bool(re.search(r"\bnao (?:e|esta) (?:financiad|alienad)[oa]\b", text))
        if _PAID.search(text):
            return True
        return {"affirm": True, "deny": False}.get(intent)
    if _OWED.search(text):
        return False
    if (
        _PAID.search(text)
        and not re.search(r"\?", text)
        and not re.search(r"\b(?:quer(?:o|ia)|divida|precisa) [a-z ]*quitad", text)
    ):
        return True
    return None


Urgency = Literal["high", "medium", "low"]
_URGENCY: tuple[tuple[Urgency, re.Pattern[str]], ...] = (
    (
        "low",
        re.compile(
            r"\bsem pressa\b|\bnao tenho (?:muita )?pressa\b|\bsem urgencia\b|\bnao (?:e|tem) (?:urgen\w+|pressa)\b|\bano que vem\b|\bmais para frente\b|\bso pesquisando\b|\bso (?:estou )?(?:olhando|curiosidade)\b|\bproximo ano\b"
        ),
    ),
    (
        "high",
        re.compile(
            r"\burgen\w+\b|\bpara ontem\b|\bo quanto antes\b|\bo mais rapido\b|\bessa semana\b|\bnesta semana\b|\bimediat\w+\b|\bpara (?:hoje|amanha)\b|\bpressa\b|\brapid(?:o|inho)\b(?= possivel)|\bestou precisando muito\b"
        ),
    ),
    (
        "medium",
        re.compile(
            r"\b(?:ess?te? mes|esse mes|ess?e mes|mes que vem|proximo mes|em (?:30|60) dias|dentro de um mes)\b"
        ),
    ),
)
_URGENCY_ASKED: tuple[tuple[Urgency, re.Pattern[str]], ...] = (
    ("low", re.compile(r"\bcalma\b|\btranquil\w+|\bnao\b|\bdepois\b|\bmeses\b|\bano\b")),
    ("high", re.compile(r"\blogo\b|\bagora\b|\bhoje\b|\bsemana\b|\bja\b|\brapido\b|\bsim\b|\bamanha\b|\bdias\b")),
    ("medium", re.compile(r"\bmes\b")),
)


def find_urgency(text: str, asked: str | None) -> Urgency | None:
    table = _URGENCY + (_URGENCY_ASKED if asked == "urgency" else ())
    return next((value for value, pattern in table if pattern.search(text)), None)
