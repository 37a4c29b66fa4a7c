"""What a model's own words ask for, so that the next answer is read as one to that question."""

import re

from agent.brain.cues import PROPERTY, VEHICLE
from agent.brain.text import normalise

_SENTENCE = re.compile(r".+?(?:[.!?]+(?=\s|$)|\n|$)\s*", re.DOTALL)
_TELL = re.compile(
    r"\b(?:me (?:diz|diga|fala|fale|conta|conte|informa|informe|passa|passe|manda|mande|explica)|"
    r"(?:poderia|pode|podes|consegue) (?:me )?(?:dizer|falar|contar|informar|passar|confirmar)|"
    r"(?:preciso|gostaria de|queria|quero) saber|informe|diga|conte|falta (?:so )?(?:saber|voce me dizer))\b"
)
# A yes/no question about the subject asks for no value.
_OFFER = re.compile(
    r"^(?:e |voce )*(?:quer|gostaria de|deseja|posso te|posso) (?:saber mais|que eu|ver|entender|conhecer|explicar)\b"
)
_FEW = 3  # words that alone do not tell what a question is about: "é de quanto?"
# In this order: "quanto vale" before "quanto", the income before any other amount.
_SLOTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (slot, re.compile(pattern))
    for slot, pattern in (
        ("cpf", r"\bcpf\b|\brg\b|\bnumero do (?:seu )?documento\b"),
        ("email", r"\be-?mail\b"),
        ("phone", r"\b(?:seu|qual o|numero (?:de|do)) (?:telefone|celular|whatsapp)\b"),
        (
            "collateral_paid_off",
            r"\bquitad[oa]\b|\bfinanciamento em aberto\b|\bainda (?:e financiad|ha parcelas|falta)|"
            r"\bja (?:terminou de pagar|esta pago|foi pago)\b|\bainda (?:tem parcelas|esta financiad|deve alguma)",
        ),
        ("down_payment", r"\b(?:valor d[ae]|quanto .{0,20}(?:de|para dar de)|tem|vai dar|alguma|dar) entrada\b"),
        (
            "monthly_income",
            r"\bquanto\b[^?]{0,25}\b(?:entra|tira|tirar|ganha|ganhar|recebe|receber)\b|\bganhos\b|\brendas?\b|"
            r"\bsalario\b|\bquanto (?:voce )?(?:ganha|recebe|tira|fatura)\b|\brendimento\b|\bganha por mes\b|"
            r"\bfaturamento\b",
        ),
        (
            "max_installment",
            r"\b(?:parcela|prestacao)\b[^?]{0,40}\b(?:cabe|caberia|consegue pagar|pode pagar|ideal|maxima|"
            r"no bolso)\b|\bquanto (?:voce )?(?:pode|consegue|pretende|gostaria de) pagar (?:por mes|de parcela)",
        ),
        (
            "vehicle_value",
            rf"\b(?:valor|vale|fipe|preco|custa|avaliad[oa])\b[^?]{{0,40}}\b{VEHICLE}\b|"
            rf"\b{VEHICLE}\b[^?]{{0,40}}\b(?:vale|valor|fipe|preco|custa|avaliad[oa])\b|\bfipe\b",
        ),
        (
            "property_value",
            rf"\b(?:valor|vale|preco|custa|avaliad[oa])\b[^?]{{0,40}}\b{PROPERTY}\b|"
            rf"\b{PROPERTY}\b[^?]{{0,40}}\b(?:vale|valor|preco|custa|avaliad[oa])\b",
        ),
        (
            "term_months",
            r"\bprazo\b|\bem quant[oa]s? (?:tempo|meses|anos|vezes|parcelas)\b|"
            r"\bquant[oa]s (?:meses|anos|vezes|parcelas)\b|\bquanto tempo\b",
        ),
        (
            "urgency",
            r"\bpara quando\b|\bquando (?:voce )?(?:precisa|pretende|quer)\b|\bprecisa para ja\b|\burgencia\b|"
            r"\burgente\b",
        ),
        (
            "purpose",
            r"\b(?:para (?:que|qual (?:finalidade|objetivo))|finalidade|objetivo|motivo|uso d[oe]|quitar dividas|"
            r"(?:usar|utilizar|fazer com|destino d)[^?]{0,25}(?:dinheiro|credito|valor)|"
            r"o que (?:voce )?(?:pretende|vai|quer) fazer|dinheiro para que)\b",
        ),
        (
            "product",
            r"\bdess[ae]s (?:modalidades|opcoes|linhas)\b|\bimovel\b[^?]{0,20}\bou\b[^?]{0,20}\bveiculo\b|"
            r"\b(?:pessoal|consignado|consorcio)\b[^?]{0,40}\bou\b|\b(?:que|qual) (?:tipo|modalidade|linha|produto|"
            r"opcao|dessas opcoes|das opcoes)\b|\bo que (?:voce )?(?:esta )?(?:procura|procurando|busca|buscando|"
            r"deseja|precisa)\b|\bem que posso (?:te )?ajudar\b|\bcomo posso (?:te )?ajudar\b|"
            r"\bgarantia de (?:imovel|veiculo)\b.{0,60}\bou\b",
        ),
        (
            "credit_amount",
            r"\b(?:qual|que|de quanto|quanto)\b[^?]{0,30}\b(?:valor|precisa|precisaria|quer|gostaria|credito|"
            r"emprestimo|carta|financiar|pegar|emprestad[oa]|necessita)\b|\bvalor (?:que )?(?:voce )?(?:precisa|quer|"
            r"deseja|do credito|do emprestimo|da carta|aproximado|desejado|tem em mente)\b|\bde quanto\b|"
            r"\b(?:o|que|um) valor\b",
        ),
        (
            "city",
            r"\b(?:qual|que|em qual|em que|sua|de que|de qual|a) (?:cidade|regiao)\b|"
            r"\bonde (?:voce )?(?:mora|reside|fica|vive)\b|\bde onde (?:voce )?(?:e|fala|esta falando)\b|"
            r"\bcidade (?:e (?:o )?estado )?(?:voce )?(?:mora|reside)\b|\bvoce mora\b",
        ),
        (
            "occupation",
            r"\b(?:trabalha|profissao|situacao profissional|ocupacao|carteira assinada|clt|autonom[oa]|empresari[oa]|"
            r"aposentad[oa]|servidor[a]?|emprego|atividade profissional)\b",
        ),
        (
            "name",
            r"\b(?:seu nome|como (?:posso|devo|gostaria|prefere)[^?]{0,25}cham|com quem (?:eu )?(?:falo|estou|tenho)|"
            r"qual (?:e )?(?:o )?(?:seu )?nome|primeiro nome|ser chamad[oa]|como voce se chama|te chamar|chamar voce|"
            r"se chama)",
        ),
    )
)


def sentences(text: str) -> list[str]:
    """The text cut after each end of sentence, nothing lost."""
    return _SENTENCE.findall(text)


def is_question(sentence: str) -> bool:
    """Asks for an answer, also as a request: "me diz sua renda"."""
    return "?" in sentence or bool(_TELL.search(normalise(sentence).text))


def slots_asked(reply: str) -> tuple[str, ...]:
    """The slots a reply asks for, in order."""
    found = (_slot_of(sentence) for sentence in sentences(reply) if is_question(sentence))
    return tuple(slot for slot in found if slot)


def slot_asked(reply: str) -> str | None:
    """The slot the reply asks for last: the one the client will answer."""
    return next(reversed(slots_asked(reply)), None)


def _slot_of(sentence: str) -> str | None:
    text = normalise(sentence).text.strip()
    if _OFFER.search(text):
        return None
    last = re.split(r"[,:;] ", text)[-1]
    parts = (last, text) if len(last.split()) > _FEW else (text,)
    return next((slot for part in parts for slot, pattern in _SLOTS if pattern.search(part)), None)
