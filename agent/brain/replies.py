"""Lívia's own sentences: plain Brazilian Portuguese, short enough for a phone."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from agent.brain.business import BusinessInfo
from agent.brain.choices import PRODUCTS
from agent.brain.money import brl, percent, whole_percent
from agent.brain.products import ProductTerms
from agent.brain.simulation import SimulationResult

MAX_CHARS = 700

_OPTIONS = {
    "home_equity": ("Empréstimo com garantia de imóvel", "garantia de imóvel"),
    "real_estate_financing": ("Financiamento imobiliário", "financiamento imobiliário"),
    "auto_equity": ("Empréstimo com garantia de veículo", "garantia de veículo"),
    "consorcio": ("Consórcio", "consórcio"),
    "personal_loan": ("Empréstimo pessoal", "empréstimo pessoal"),
    "payroll_loan": ("Consignado", "consignado"),
}


def _product_questions(offered: Collection[str]) -> tuple[str, str]:
    """Each product keeps its number whatever else is offered: clients answer with it."""
    numbered = [(PRODUCTS.index(code) + 1, *_OPTIONS[code]) for code in PRODUCTS if code in offered]
    listed = "\n".join(f"{number}. {name}" for number, name, _ in numbered)
    *some, last = [f"{number} {short}" for number, _, short in numbered] or [""]
    inline = f"{', '.join(some)} ou {last}" if some else last
    return (
        f"O que você está procurando?\n{listed}",
        f"Qual dessas opções combina com você? Pode responder com o número: {inline}.",
    )


# slot -> (first question, the same with an example)
QUESTIONS: dict[str, tuple[str, str]] = {
    "name": ("Como posso te chamar?", "Me diz só o seu primeiro nome, por favor?"),
    "product": _product_questions(PRODUCTS),
    "credit_amount": (
        "De qual valor você precisa?",
        "Pode ser um valor aproximado, por exemplo *80 mil*. De quanto você precisa?",
    ),
    "property_value": (
        "Quanto vale o imóvel hoje, mais ou menos?",
        "Uma estimativa já ajuda, por exemplo *400 mil*. Quanto você acha que vale o imóvel?",
    ),
    "vehicle_value": (
        "Quanto vale o veículo hoje? Pode ser o valor da FIPE.",
        "Uma estimativa já ajuda, por exemplo *60 mil*. Quanto vale o veículo?",
    ),
    "monthly_income": (
        "Qual é a sua renda mensal, somando tudo?",
        "Pode ser a média do que entra, por exemplo *5 mil por mês*. Qual é a sua renda?",
    ),
    "term_months": (
        "Em quanto tempo você quer pagar?",
        "Pode dizer em meses ou em anos, por exemplo *48 meses* ou *10 anos*. Qual prazo fica bom?",
    ),
    "city": ("Em qual cidade você mora?", "Me diz a cidade e o estado, por exemplo *Campinas SP*?"),
    "occupation": (
        "Você trabalha como CLT, autônomo, empresário ou servidor público, ou é aposentado?",
        "Qual destas é a sua situação: CLT, autônomo, empresário, servidor público ou aposentado?",
    ),
    "purpose": (
        "E para que você vai usar o dinheiro?",
        "É para quitar dívidas, reformar, investir no negócio, outra coisa?",
    ),
    "urgency": ("Para quando você precisa?", "Você precisa para já, para os próximos meses ou está só pesquisando?"),
    "collateral_paid_off": ("O bem está quitado?", "Ele já está quitado ou ainda tem parcelas a pagar?"),
}
_BY_PRODUCT = {
    ("real_estate_financing", "credit_amount"): "E quanto você quer financiar? Se preferir, me diz o valor da entrada.",
    ("real_estate_financing", "property_value"): "Qual é o valor do imóvel que você quer comprar?",
    ("consorcio", "credit_amount"): "Qual valor de carta você quer?",
    ("consorcio", "term_months"): "Em quantos meses você quer pagar o consórcio?",
    ("home_equity", "collateral_paid_off"): "O imóvel está quitado?",
    ("auto_equity", "collateral_paid_off"): "O veículo está quitado?",
}
_WHICH = "E qual daquelas opções você prefere? Pode mandar só o número."
# The question again where the client told something else meanwhile.
_BACK = {
    "credit_amount": "E de quanto você precisa?",
    "property_value": "E o imóvel, quanto vale mais ou menos?",
    "vehicle_value": "E o veículo, quanto vale mais ou menos?",
    "monthly_income": "E a sua renda mensal, qual é?",
    "term_months": "E em quanto tempo você quer pagar?",
    "city": "E em qual cidade você mora?",
}
PENSION = "2 mil por mês"  # the example of an income for who lives on a pension
EXAMPLES = (*(second for _, second in QUESTIONS.values()), PENSION)

OPT_OUT = "Pronto, você não vai mais receber mensagens por aqui. Se mudar de ideia, é só enviar VOLTAR."
WELCOME_BACK = "Que bom ter você de volta! 😊"
CLOSE = "Tudo bem, obrigada por avisar! Se precisar no futuro, é só me chamar. 😊"
STILL_HERE = "Olá! Estou por aqui: se quiser retomar, é só me contar o que você procura. 😊"
WRONG_NUMBER = "Sem problema! Se um dia precisar de crédito ou financiamento, é só me chamar. 😊"
POSTPONE = "Sem pressa! Quando puder, é só me chamar por aqui e seguimos de onde paramos. 😊"
CALM = "Entendo a sua chateação, e quero ajudar. Vamos manter a conversa com respeito, tudo bem?"
OFFER_PERSON = "Se preferir, posso chamar um consultor para te ajudar por aqui. Quer que eu chame?"
FILE_SEEN = "Recebi seu arquivo, obrigada! Um consultor vai analisar."
UNAVAILABLE = "Essa modalidade não está disponível no momento."
ANSWERS_IN_PORTUGUESE = (
    "Eu respondo em português, tudo bem? Se preferir falar com uma pessoa, é só escrever *consultor*."
)
OTHERS_DOCUMENT = "Por segurança, não guardo documento de outra pessoa por aqui."
NAME_AT_LAST = "Só mais uma coisinha antes da simulação: como posso te chamar?"
DEFAULT = "Me conta um pouco mais, por favor? Se preferir falar com uma pessoa, é só escrever *consultor*."
LOCATION_SEEN = "Recebi sua localização, obrigada!"
CONTACT_SEEN = "Recebi o contato, obrigada!"
AUDIO_UNHEARD = "Não consegui ouvir seu áudio. Pode me escrever, por favor?"
UNKNOWN = "Boa pergunta! Essa parte o consultor te explica com detalhes."
BYE = "Até mais! Quando quiser continuar, é só me chamar por aqui. 😊"
THANKS = "Imagina! 😊"
ASK_TRANSFER = "Quer que eu te passe para um consultor seguir com o seu pedido?"
ASK_CHANGE = "Sem problema! O que você gostaria de mudar: o valor ou o prazo?"
OFFER_AGAIN = "Sem problema. Prefere mudar o valor ou o prazo, ou quer que eu chame um consultor?"
NO_PROMISE = "A aprovação depende da análise de crédito, tá?"
EXPENSIVE = (
    "Entendo. O custo depende do prazo e da garantia: com prazo maior a parcela diminui, "
    "mas o total pago aumenta. Vale comparar o CET, que reúne todos os custos."
)
# Said instead when the same words were the last reply.
VARIANTS = {
    ASK_TRANSFER: "Posso chamar um consultor para continuar com você?",
    OFFER_PERSON: "Quer que um consultor continue com você por aqui?",
    CLOSE: "Tudo certo! Fico à disposição quando precisar. 😊",
    BYE: "Até logo! 😊",
    POSTPONE: "Combinado, fico por aqui! 😊",
    THANKS: "Por nada! 😊",
}
_DOCS = "Em geral, pedimos documento com foto, CPF, comprovante de residência e de renda"
_DOCS_BY_PRODUCT = {
    "home_equity": ", além da matrícula atualizada e do IPTU do imóvel",
    "real_estate_financing": ", além dos documentos do imóvel e do vendedor",
    "auto_equity": ", além do documento do veículo (CRLV)",
    "payroll_loan": ", além do contracheque ou extrato do benefício",
}
# Openings said in turn, where the whole message would be the last one again.
_SWAPPED = (
    ("Imagina! 😊", "Por nada! 😊"),
    (UNKNOWN, "Esse detalhe fica com o consultor, tá?"),
    ("Anotado", "Certo"),
    ("Certo", "Entendi"),
    ("Entendi", "Anotado"),
    ("Perfeito", "Ótimo"),
    ("Ótimo", "Combinado"),
    ("Combinado", "Perfeito"),
    ("Voltando à nossa conversa: ", "Então: "),
)
_ACKS = ("Anotado", "Perfeito", "Certo", "Ótimo")
_CALM_ACKS = ("Anotado", "Certo")


def first_name(slots: Mapping[str, Any]) -> str:
    return str(slots.get("name", "")).split(" ")[0]


def greeting(business: BusinessInfo, slots: Mapping[str, Any]) -> str:
    name = first_name(slots)
    return f"Olá{f', {name}' if name else ''}! Eu sou a Lívia, assistente virtual da *{business.name}*. 😊"


def acknowledge(
    slots: Mapping[str, Any], fresh: Sequence[str], last_reply: str = "", *, again: bool = False, calm: bool = False
) -> str:
    """A word for what was told, another one than the last time; `again`: the name was known and is corrected; `calm`: a
    refusal may follow."""
    if "name" in fresh:
        return f"Certo, {first_name(slots)}!" if again else f"Prazer, {first_name(slots)}!"
    words = _CALM_ACKS if calm else _ACKS
    turn = len(slots) % len(words)
    word = next(word for word in (*words[turn:], *words) if not last_reply.startswith(word))
    name = first_name(slots)
    return f"{word}, {name}!" if name and len(slots) % 3 == 0 else f"{word}!"


def once_more(said: str) -> str:
    """What was just said, in other words."""
    for opening, other in _SWAPPED:
        if said.startswith(opening):
            return other + said[len(opening) :]
    if said.endswith("?"):
        return f"Voltando à nossa conversa: {said[:1].lower()}{said[1:]}"[:MAX_CHARS]
    return f"Como eu disse: {said[:1].lower()}{said[1:]}"[:MAX_CHARS]


def product_question(products: Mapping[str, ProductTerms], *, again: bool = False) -> str:
    """Which of the offered products; with all of them, the usual words."""
    return _product_questions(products)[again]


def question(
    slot: str,
    slots: Mapping[str, Any],
    products: Mapping[str, ProductTerms],
    *,
    again: bool,
    last_reply: str | None = None,
) -> str:
    """`last_reply` where the client did not miss the question but told something else first."""
    if slot == "product":
        turned = again and last_reply is not None and "Pode responder com o número" in last_reply
        return _WHICH if turned else product_question(products, again=again)
    first, second = QUESTIONS[slot]
    back = _BACK.get(slot, second)
    if again and last_reply is not None and not last_reply.endswith(back):
        return back
    if again:
        return second
    if slot == "city" and "uf" in slots:
        return f"E em qual cidade ({slots['uf']}) você mora?"
    return _BY_PRODUCT.get((str(slots.get("product")), slot), first)


def rate_answer(terms: ProductTerms | None, products: Mapping[str, ProductTerms]) -> str:
    if terms is None:
        lines = [f"• {t.name}: {_rate(t)}" for t in products.values()]
        return "As taxas dependem da modalidade:\n" + "\n".join(lines)
    return f"*{terms.name}*: {_rate(terms)}. {NO_PROMISE}"


def _rate(terms: ProductTerms) -> str:
    if terms.system == "consorcio":
        fees = whole_percent(terms.admin_fee)
        return (
            f"sem juros, com taxa de administração de {fees} e fundo de reserva de {whole_percent(terms.reserve_fund)}"
        )
    return f"{percent(terms.monthly_rate)} ao mês ({percent(terms.yearly_rate)} ao ano)"


def docs_answer(product: str | None) -> str:
    return _DOCS + _DOCS_BY_PRODUCT.get(product or "", "") + ". O consultor confirma a lista certinha para o seu caso."


def simulation_message(terms: ProductTerms, result: SimulationResult) -> str:
    """The simulation as a client reads it on a phone."""
    lines = [f"*Simulação: {terms.name}*", f"• Crédito: *{brl(result.credit_amount)}*"]
    value = result.request.collateral_value
    if value and result.ltv is not None:
        lines.append(f"• Valor do bem: {brl(value)} (crédito de {percent(result.ltv)} do valor)")
    lines += _instalment_lines(result)
    if result.rate_month is not None and result.rate_year is not None:
        lines.append(f"• Juros: {percent(result.rate_month)} ao mês ({percent(result.rate_year)} ao ano)")
    else:
        lines.append(f"• {_rate(terms)[0].upper()}{_rate(terms)[1:]}")
    if result.iof:
        lines.append(f"• IOF incluído: {brl(result.iof)}")
    if result.cet_year is not None:
        lines.append(f"• CET: *{percent(result.cet_year)} ao ano*")
    lines += [f"• Total a pagar: {brl(result.total)}", "_Simulação, sujeita a análise de crédito._"]
    return "\n".join(lines)


def _instalment_lines(result: SimulationResult) -> list[str]:
    first, last = result.first_instalment, result.last_instalment
    if result.system == "sac":
        return [
            f"• {result.term_months} parcelas que diminuem (SAC)",
            f"• Primeira: *{brl(first)}* · última: {brl(last)}",
        ]
    lines = [f"• *{result.term_months}x de {brl(first)}*"]
    return lines if last == first else [*lines, f"• Última parcela: {brl(last)}"]


def ltv_refused(terms: ProductTerms, limit: Decimal) -> str:
    noun = "imóvel" if terms.collateral == "property" else "veículo"
    return f"Nessa modalidade o crédito vai até {whole_percent(limit)} do valor do {noun}."


def term_refused(terms: ProductTerms) -> str:
    return f"Nessa modalidade o prazo vai de {terms.min_term} a {terms.max_term} meses."


def credit_refused(limit: int) -> str:
    return f"Nessa modalidade o crédito vai até {brl(limit)}."


def collateral_refused(limit: int) -> str:
    return f"Nessa modalidade o valor do imóvel vai até {brl(limit)}. Um consultor pode ver outra opção com você."


def income_refused(terms: ProductTerms, result: SimulationResult) -> str:
    return (
        f"A parcela ficaria em {brl(result.instalment)}, acima de {whole_percent(terms.income_commitment)} "
        "da sua renda, que é o limite para não pesar no seu bolso."
    )


NO_OFFER = (
    "Com esses números não consigo chegar a uma parcela dentro do limite. Um consultor pode ver outras opções com você."
)


def offer(credit: int, term: int) -> str:
    return f"Consigo simular *{brl(credit)}* em *{term} meses*. Quer ver?"
