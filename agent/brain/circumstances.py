"""What the client tells about themself: occupation, purpose, state of the collateral, urgency."""

import re
from typing import Literal

from agent.brain.cues import PROPERTY, RELATIVE, VEHICLE

OCCUPATIONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (value, re.compile(pattern))
    for value, pattern in (
        (
            "retired",
            r"\baposentad[oa]\b|\bencostad[oa]\b|\bpensionista\b|\bme aposentei\b|\baposentei\b|\brecebo (?:a |uma |"
            r"minha )?(?:aposentadoria|pensao)\b|\bvivo d[ea] (?:minha )?aposentadoria\b|\brecebo (?:do |pelo )?inss\b|"
            r"\bbeneficiari[oa] do inss\b|\bbpc\b",
        ),
        (
            "unemployed",
            r"\bdesempregad[oa]\b|\bdo lar\b|\bdona de casa\b|\bsem renda\b(?! (?:fix|comprov|formal))|"
            r"\bnao trabalho\b|\bsem (?:emprego|trabalho|trabalhar)\b|\bprocurando emprego\b|\b(?:perdi|"
            r"sai d)o? ?(?:o )?(?:meu )?emprego\b|\bseguro desemprego\b|\b(?:fui|me) (?:mandad[oa]|"
            r"mandaram) embora\b|\bfui demitid[oa]\b|\bsem servico\b|"
            r"\bestou parad[oa]\b",
        ),
        (
            "public_servant",
            r"\bservidor(?:a)?\b|\bfuncionari[oa] public[oa]\b|\bconcursad[oa]\b|\bestatutari[oa]\b|"
            r"\bpm\b|\bmilitar\b|\bpolicial\b|\bbombeir[oa]\b|"
            r"\btrabalho (?:na prefeitura|no estado|no governo|no tribunal|no forum)\b|"
            r"\bprofessora? (?:do estado|da rede|estadual|municipal|concursad)|\b(?:da|na) prefeitura\b|"
            r"\brede (?:municipal|estadual|publica|federal)\b|\bcargo publico\b|\b(?:d[oa]|n[oa]) (?:exercito|"
            r"marinha|aeronautica|policia|corpo de bombeiros|"
            r"receita federal|forum|"
            r"guarda municipal)\b",
        ),
        (
            "business_owner",
            r"\bempresari[oa]\b|\bempresa registrada\b|\btenho (?:\d+|uns|dois|tres|alguns|varios) (?:funcionari|"
            r"empregad)|"
            r"\b(?:son?|dono|dona|socio|socia|proprietari[oa]) d[eoa]s? (?:um |uma |minha |"
            r"meu )?(?:empresa|loja|comercio|negocio|restaurante|padaria|mercado|mercadinho|salao|oficina|bar|"
            r"clinica|escritorio|academia|farmacia|pousada|transportadora|construtora|pizzaria|lanchonete|"
            r"pet ?shop|escola|[a-z]+aria)\b|"
            r"\btenho (?:um |uma |minha |meu )?(?:pequen[oa] |propri[oa] )?(?:empresa|loja|comercio|negocio|"
            r"restaurante|padaria|mercado|mercadinho|salao|oficina|lanchonete|cnpj|clinica|escritorio|"
            r"academia|farmacia|lojinha|pizzaria|bar)\b|"
            r"\bcomerciante\b|\bempreendedora?\b|\bsoci[oa]\b|\bpro.?labore\b|\bminha (?:propria )?empresa\b|"
            r"\bpj com empresa\b",
        ),
        (
            "self_employed",
            r"\bautonom[oa]\b|\bfreelanc\w+|\bfreela\b|\b(?:por|de|trabalho por) conta(?: propria)?\b|"
            r"\bconta propria\b|\b(?:sou|como|trabalho como|tenho) mei\b|\bmei\b|\bmicro ?empreendedora?\b|"
            r"\bprofissional liberal\b|"
            r"\binformal\b|\bbicos?\b|\bdiarista\b|\b(?:motorista|entregas?|corridas?) (?:de|por|no) (?:app|"
            r"aplicativo)\b|\b(?:no|de|do|"
            r"faco) uber\b|\buber\b|\btaxista\b|\bcabeleireir[oa]\b|\bmanicure\b|\bpedreiro\b|"
            r"\bsem carteira\b|\bvendo (?:marmita|roupa|doces?)\w*|\bcaminhoneiro\b|\bpj\b|\b(?:ifood|rappi|indrive|"
            r"loggi)\b",
        ),
        (
            "clt",
            r"\bclt\b|\bcarteira (?:assinada|registrada)\b|\bregistrad[oa]\b|\bde carteira\b|"
            r"\bassalariad[oa]\b|\bempregad[oa]\b|\bfuncionari[oa]\b|\btrabalho (?:em|numa?|no|na|"
            r"para) (?:uma? )?"
            r"(?:empresa|fabrica|banco|hospital|escola|supermercado|mercado|escritorio|loja|industria|clinica|"
            r"firma|multinacional|construtora)\b|\btenho registro\b|\bfichad[oa]\b",
        ),
    )
)
_NOT_ME = re.compile(
    rf"\b(?:meu|minha) {RELATIVE}\b(?:(?!\beu\b)[^.,;!?\n])*$|\b(?:nao|nunca|ex)(?: (?:sou|estou|trabalho|mais|fui|e|"
    rf"mais sou))*[ -]?$|\b(?:quero|gostaria) (?:ser|virar)[a-z ]*$"
)


# Where the occupation was asked, a trade tells how most who have it work.
_TRADES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "self_employed",
        re.compile(
            r"\b(?:advogad[oa]|medic[oa]|dentista|psicolog[oa]|arquitet[oa]|fotograf[oa]|personal|corretora?|barbeiro|"
            r"esteticista|eletricista|encanador|pintora?|marceneiro|mecanic[oa]|costureira|motoboy|entregador|feirante|"
            r"artesao?|confeiteir[oa]|boleira|representante comercial|produtora? rural|agricultora?|pescador|designer|"
            r"music[oa]|jardineiro|faxineira|massagista|terapeuta|nutricionista|influencer|revendedora?|camelo|"
            r"ambulante|faxinas?|costura|"
            r"freteiro|mototaxi|motorista|consultora? de beleza|tatuador\w*|sacoleira)\b"
        ),
    ),
    (
        "clt",
        re.compile(
            r"\b(?:vendedora?|auxiliar|assistente|analista|recepcionista|secretari[oa]|porteiro|vigilante|"
            r"enfermeir[oa]|"
            r"tecnic[oa]|operadora?|garcom|garconete|cozinheir[oa]|balconista|estoquista|atendente|bancari[oa]|"
            r"supervisora?|coordenadora?|gerente|engenheir[oa]|metalurgic[oa]|frentista|zelador|domestica|baba|"
            r"professora?|repositora?|almoxarife|farmaceutic[oa]|cuidadora?|contadora?|soldador|programadora?|"
            r"trabalho (?:em|n[oa]|numa?|para)|de empresa)\b"
        ),
    ),
)


def find_occupation(text: str, asked: str | None) -> str | None:
    """Of the client, not of a relative."""
    if asked == "occupation":
        return _occupation(text, asked, OCCUPATIONS + _TRADES)
    return _occupation(text, asked, OCCUPATIONS)


def _occupation(text: str, asked: str | None, table: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
    for value, pattern in table:
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
            r"\b(?:pagar|quitar|juntar|trocar|unificar|acabar com|liquidar|renegociar|sair d[aeo]s?|"
            r"me livrar d\w+|limpar|zerar|acertar|cobrir|matar)\b[^.!?\n]{0,25}?"
            r"\b(?:dividas?|cartao|cartoes|cheque especial|(?:meu |o )?nome|emprestimos?|"
            r"contas?(?: atrasadas)?|boletos|agiota|financeira|banco|juros|atrasad\w+|devendo|pendencias?|"
            r"consignados?|faturas?|debitos?)\b|"
            r"\b(?:devo|devendo|enrolad[oa]|endividad[oa]|atolad[oa])\b[^.!?\n]{0,60}?\b(?:quitar|pagar|acertar|"
            r"liquidar)\b|"
            r"\b(?:pagar|quitar|acertar) (?:tudo )?(?:o )?que (?:eu )?devo\b|\btudo (?:numa|em uma) (?:parcela|so)\b|"
            r"\bdividas?\b|\bnome sujo\b|\blimpar (?:o )?(?:meu )?nome\b|\bcartao (?:estourado|de credito|"
            r"atrasado)\b|\bcheque especial\b|\bcontas atrasadas\b|\bconsolidar\b",
        ),
        (
            "renovation",
            r"\b(?:levantar|subir|erguer|bater|fazer) (?:o |a |um |uma )?(?:muro|laje|paredes?|calcada|edicula|"
            r"banheiro)\b|"
            r"\bacabamentos?\b|\breforma\w*|\bobras?\b|\bconstru(?:ir|cao|indo)\b|\bampliar (?:a |"
            r"minha )?casa\b|\b(?:trocar|"
            r"arrumar|fazer|consertar) (?:o |a |de )?(?:telhado|banheiro|cozinha|piso|casa)\b|\b(?:terminar|"
            r"acabar|aumentar|pintar) (?:a |minha |de construir )?(?:casa|obra)\b|\bpuxadinho\b|\bpiscina\b",
        ),
        (
            "business",
            r"\bcapital de giro\b|\bgiro\b|\binvestir (?:n[oa]s? |em )?(?:um |uma |meu |minha |"
            r"mim )?(?:propri[oa] )?(?:negocio|empresa|loja|comercio|restaurante|salao|oficina|franquia)\w*|"
            r"\b(?:abrir|montar|ampliar|expandir|comecar|iniciar|tocar|alavancar|crescer|aumentar|melhorar|"
            r"equipar)\b[^.!?\n]{0,20}?\b(?:negocios?|empresa|loja|comercio|restaurante|salao|oficina|"
            r"franquia|lanchonete|padaria|clinica|escritorio|lojinha|confeccao)\b|"
            r"\b(?:para|na|no|pro) (?:a |o )?(?:minha |meu )?(?:propri[oa] )?(?:empresa|negocio|loja|comercio|"
            r"restaurante|oficina|salao|padaria|lanchonete|clinica|fabrica|consultorio|barbearia|mercadinho|"
            r"lavoura)\b|\bestoque\b|\bmaquinari?[oa]?s?\b|\b(?:comprar|novas?) maquinas?\b|"
            r"\bempreender\b|\bmercadoria\b",
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
    r"\b(?:para|usar|quero|preciso|vou|queria|finalidade|objetivo|e|quitar|pagar|reformar?|investir|ajudar|motivo|"
    r"sair d[aeo]s?|limpar|juntar|trocar|renegociar|liquidar|acertar|cobrir|arrumar|terminar|unificar|zerar|livrar|"
    r"abrir|montar|construir|ampliar)\b"
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
    r"\bquitad\w+\b|\b(?:ja )?(?:paguei|pago|terminei de pagar)(?: el[ea])? (?:tudo|total|inteir[oa]|"
    r"a vista)\b|\bsem (?:nenhuma )?(?:divida|financiamento|onus|alienacao)\b|"
    r"\b(?:livre e desembaracad\w+|todo pag[oa]|tudo pago|ja e meu|ta pag[oa]|esta pag[oa]|sem nada devendo|"
    r"nao devo (?:mais )?nada)\b|\bcomprei a vista\b|\bnao (?:e|esta) (?:financiad|alienad)[oa]\b"
)
_OWED = re.compile(
    rf"\bnao(?: \w+){{0,3}} quitad|\bainda (?:pago|tenho (?:financiamento|parcela|divida)|estou pagando|devo|"
    rf"falta|e financiad|esta financiad|tem|"
    rf"financiad|nao)|\b(?:falta|faltam|restam)\b[^.!?\n]{{0,20}}\b(?:parcel|prestac|anos|meses|quitar|pagar)|"
    rf"\bestou pagando\b|\b{VEHICLE} (?:e |esta |ainda )*(?:financiad|alienad)|\b{PROPERTY} (?:e |esta |"
    rf"ainda )*(?:financiad|alienad)|(?<!nao )\btem (?:saldo|financiamento|alienacao)|\bpagando ainda\b|\bquase quitad|"
    rf"\bfaltam? quitar\b|\bmeio quitad"
)


def find_paid_off(text: str, asked: str | None, intent: str) -> bool | None:
    """Whether the collateral is free of debt."""
    if asked == "collateral_paid_off":
        if _OWED.search(text) or re.search(
            r"\bfinanciad[oa]\b|\balienad[oa]\b|\bparcialmente\b|\bem parte\b|"
            r"\bquase\b|\btem hipoteca\b|\bhipotecad[oa]\b|\b(?<!nao )devo\b",
            text,
        ):
            return bool(re.search(r"\bnao (?:e|esta) (?:financiad|alienad)[oa]\b", text))
        if _PAID.search(text) or re.search(
            r"\bnao (?:tem|ha|possui|tenho) (?:mais |nenhuma? )*(?:dividas?|onus|pendencias?|financiamento)\b|"
            r"\b(?:quitei|quitamos|paguei tudo|(?:acabei|terminei) de (?:quitar|"
            r"pagar))\b",
            text,
        ):
            return True
        return {"affirm": True, "deny": False}.get(intent)
    if _OWED.search(text):
        return False
    if (
        _PAID.search(text)
        and not re.search(r"\?", text)
        and not re.search(
            r"\b(?:quer(?:o|ia)|precisa|deixar|ver|ter|divida)(?: (?:ter|ver|deixar|meu|minha|o|a|ele|"
            r"ela))*(?: \w+)? quitad",
            text,
        )
    ):
        return True
    return None


Urgency = Literal["high", "medium", "low"]
_URGENCY: tuple[tuple[Urgency, re.Pattern[str]], ...] = (
    (
        "low",
        re.compile(
            r"\bsem (?:pressa|correria)\b|\bnao tenho (?:muita )?pressa\b|\bsem urgencia\b|\bnao (?:e|tem) (?:urgen\w+|"
            r"pressa)\b|\bano que vem\b|\bmais para frente\b|\bso pesquisando\b|\bso (?:estou )?(?:olhando|"
            r"curiosidade)\b|\bproximo ano\b"
        ),
    ),
    (
        "high",
        re.compile(
            r"\burgen\w+\b|\bpara ontem\b|\bquanto antes\b|\bo mais rapido\b|\bessa semana\b|"
            r"\bnesta semana\b|\bimediat\w+\b|\bpara (?:hoje|amanha)\b|\bpressa\b|\brapid(?:o|"
            r"inho)\b(?= possivel)|\bestou precisando (?:muito|demais)\b|\bvida ou morte\b|\bdesesperad[oa]\b|"
            r"\bnao (?:da|posso|tem como) (?:para )?esperar\b|\bainda hoje\b|\bo mais breve\b|\bassim que (?:der|"
            r"possivel)\b|\b(?:ate|antes d[eo]) (?:dia \d|segunda|terca|quarta|quinta|sexta|sabado|domingo|amanha)"
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
    ("medium", re.compile(r"\b(?:um|1|dois|2|uns dois) mes(?:es)?\b")),
    (
        "low",
        re.compile(
            r"\bcalma\b|\bquando (?:der|puder)\b|\btanto faz\b|\bqualquer hora\b|\btranquil\w+|\bnao\b|"
            r"\bdepois\b|\bmeses\b|\bano\b"
        ),
    ),
    ("high", re.compile(r"\blogo\b|\bagora\b|\bhoje\b|\bsemana\b|\bja\b|\brapido\b|\bsim\b|\bamanha\b|\bdias\b")),
    ("medium", re.compile(r"\bmes\b")),
)


def find_urgency(text: str, asked: str | None) -> Urgency | None:
    table = _URGENCY + (_URGENCY_ASKED if asked == "urgency" else ())
    return next((value for value, pattern in table if pattern.search(text)), None)
