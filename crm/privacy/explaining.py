"""What was decided about a client automatically, in plain words for that client (LGPD, art. 20): how warm the lead is
and why, from which data, by whom; and why this consultant. Portuguese, like all that a client reads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from agent import words
from agent.brain.classify import HOT_FROM, WARM_FROM
from agent.models import ClassificationSource, Dialogue, LeadClassification, Simulation
from crm.accounts.models import User
from crm.privacy.models import Review, ReviewState
from crm.privacy.reviews import standing_review
from leads.assignment_rules import fits_of
from leads.classification import is_by_person
from leads.fields import LABELS, worded
from leads.history import reason_name
from leads.models import ActorKind, AssignmentRule, Interaction, InteractionKind, Lead, Strategy
from leads.rotation import line, strategy_in_use

LANGUAGE = "pt-br"
HISTORY = 20

_MEANING = {
    "HOT": "Quente: pelo que sabemos, está pronto para falar com um consultor agora.",
    "WARM": "Morno: há interesse, mas ainda falta um dado ou uma decisão.",
    "COLD": "Frio: por enquanto não há um pedido de crédito em andamento.",
}
BANDS = (
    f"A pontuação vai de 0 a 100: de {HOT_FROM} a 100 é quente, de {WARM_FROM} a {HOT_FROM - 1} é morno e abaixo de "
    f"{WARM_FROM} é frio. Ela serve para decidir quem é atendido primeiro. Ela não aprova nem nega crédito: isso quem "
    "decide é o banco, em outra análise."
)
NOT_USED = (
    "As regras não olham gênero, idade, cor, origem, religião nem bairro, e o modelo recebe a instrução de não julgar "
    "por nada disso. Não há consulta a SPC ou Serasa."
)
_BY = {
    ClassificationSource.RULES: "Por regras fixas do sistema, iguais para todos: cada motivo soma ou tira pontos.",
    ClassificationSource.MODEL: (
        "Por um modelo de inteligência artificial, a partir do que foi contado. Nome, telefone, e-mail e documentos "
        "não são enviados a ele, e a opinião dele só vale se ficar perto da opinião das regras."
    ),
}
_BY_PERSON = "Por uma pessoa da nossa equipe, em revisão. Nenhuma regra nem modelo muda essa decisão."

# Which data a reason of the rules looks at; a reason that is not here reads the words of the conversation.
_LOOKS_AT: dict[str, tuple[str, ...]] = {
    "product": ("product",),
    "credit_amount": ("credit_amount",),
    "collateral": ("property_value", "vehicle_value"),
    "monthly_income": ("monthly_income",),
    "term_months": ("term_months",),
    "purpose": ("purpose",),
    "city": ("city",),
    "down_payment": ("down_payment",),
    "paid_off": ("collateral_paid_off",),
    "owed": ("collateral_paid_off",),
    "unemployed": ("occupation",),
    "urgency": ("urgency",),
    "contact": ("phone", "email"),
    "ltv_fits": ("credit_amount", "property_value", "vehicle_value"),
    "ltv_over": ("credit_amount", "property_value", "vehicle_value"),
    "income_fits": ("credit_amount", "monthly_income"),
    "income_low": ("credit_amount", "monthly_income"),
    "simulated": ("credit_amount", "term_months", "monthly_income"),
    "later": ("product",),
}
_ORIGIN = frozenset({"referral", "search"})
_SUMS = frozenset({"ready", "not_ready"})  # of the other reasons, no data of their own
_JUDGED = (
    "product", "credit_amount", "property_value", "vehicle_value", "monthly_income", "down_payment", "term_months",
    "occupation", "purpose", "city", "uf",
)  # fmt: skip
_URGENCY = {"high": "alta", "medium": "média", "low": "baixa"}


@dataclass(frozen=True)
class Opinion:
    """One judgement in words."""

    at: datetime
    temperature: str
    score: int
    by: str


@dataclass(frozen=True)
class Handing:
    """How the lead came to a consultant."""

    at: datetime
    name: str
    why: str
    reason: str


@dataclass(frozen=True)
class Decision:
    """All of it. `temperature` is empty for a lead nothing was decided about; `reasons` are (text, points)."""

    temperature: str
    meaning: str
    score: int
    by: str
    at: datetime | None
    reasons: list[tuple[str, int]]
    data: list[tuple[str, str]]
    history: list[Opinion]
    consultant: str
    handings: list[Handing]
    rotation: list[str]
    reviews: list[Review]
    standing: Review | None
    bands: str = BANDS
    not_used: str = NOT_USED


def decision_of(lead: Lead) -> Decision:
    """What was decided about a lead, and why."""
    with translation.override(LANGUAGE):
        judged = list(LeadClassification.objects.filter(lead=lead).order_by("-pk")[:HISTORY])
        latest, standing = (judged[0] if judged else None), standing_review(lead)
        by_model = latest is not None and latest.source == ClassificationSource.MODEL
        reviews = Review.objects.filter(lead=lead).select_related("reviewer").order_by("-asked_at")
        return Decision(
            temperature=str(lead.get_ai_temperature_display()) if lead.ai_temperature else "",
            meaning=_MEANING.get(lead.ai_temperature, ""),
            score=lead.ai_score,
            by=_by(lead, latest),
            at=standing.reviewed_at if standing else latest.created_at if latest else None,
            reasons=[(str(each.get("text", "")), int(each.get("points") or 0)) for each in lead.ai_reasons],
            data=_data(lead, by_model=by_model),
            history=[_opinion(row) for row in judged],
            consultant=lead.consultant.user.get_short_name() if lead.consultant else "",
            handings=_handings(lead),
            rotation=_rotation(lead),
            reviews=list(reviews),
            standing=standing,
        )


def open_review(decision: Decision) -> Review | None:
    return next((review for review in decision.reviews if review.state == ReviewState.OPEN), None)


def _by(lead: Lead, latest: LeadClassification | None) -> str:
    if is_by_person(lead.ai_reasons):
        return _BY_PERSON
    return _BY[ClassificationSource(latest.source) if latest else ClassificationSource.RULES]


def _opinion(row: LeadClassification) -> Opinion:
    by = "modelo" if row.source == ClassificationSource.MODEL else "regras"
    return Opinion(row.created_at, str(row.get_temperature_display()), row.score, by)


def _data(lead: Lead, *, by_model: bool) -> list[tuple[str, str]]:
    """What was looked at, with its value: label and value."""
    codes = [str(each.get("code", "")) for each in lead.ai_reasons]
    if is_by_person(lead.ai_reasons) or not codes:
        return []
    names: Iterable[str] = _JUDGED if by_model else [name for code in codes for name in _LOOKS_AT.get(code, ())]
    dialogue = Dialogue.objects.filter(conversation__lead=lead).order_by("-updated_at").first()
    slots = dialogue.slots if dialogue else {}
    rows = [(_label(name), _value(name, lead, slots)) for name in dict.fromkeys(names)]
    rows = [(label, value) for label, value in rows if value]
    if by_model or any(code not in _LOOKS_AT and code not in _ORIGIN | _SUMS for code in codes):
        rows.append(("Mensagens", "o que foi escrito na conversa ou no formulário"))
    if _ORIGIN & set(codes):
        rows.append(("Origem", "por onde chegou até nós"))
    if by_model and Simulation.objects.filter(lead=lead).exists():
        rows.append(("Simulação", "a última que foi feita"))
    return rows


def _label(name: str) -> str:
    return str(LABELS[name]) if name in LABELS else words.said(words.SLOTS, name)


def _value(name: str, lead: Lead, slots: dict[str, Any]) -> str:
    value = getattr(lead, name, None) or slots.get(name)
    if name == "urgency":
        return _URGENCY.get(str(value), "")
    if isinstance(value, bool):
        return words.shown(name, value)
    return worded(name, value)


def _handings(lead: Lead) -> list[Handing]:
    """Every time it was given to somebody, the latest first."""
    kinds = (InteractionKind.CREATED, InteractionKind.ASSIGNED)
    rows = Interaction.objects.filter(lead=lead, kind__in=kinds).select_related("actor").order_by("-pk")
    given = [row for row in rows[:HISTORY] if row.data.get("consultant")]
    names = _names({row.data["consultant"] for row in given})
    return [
        Handing(
            at=row.created_at,
            name=names.get(row.data["consultant"], "uma pessoa da equipe"),
            why=_why(row),
            reason=reason_name(str(row.data.get("reason") or "")),
        )
        for row in given
    ]


def _names(ids: set[int]) -> dict[int, str]:
    return {user.pk: user.get_short_name() for user in User.objects.filter(pk__in=ids)}


def _why(row: Interaction) -> str:
    if row.kind == InteractionKind.ASSIGNED and row.actor_kind == ActorKind.PERSON:
        return "encaminhado por uma pessoa da nossa equipe"
    return "rodízio automático: era a vez dessa pessoa"


def _rotation(lead: Lead) -> list[str]:
    """How the rotation chooses for a lead like this, today."""
    sentences = [
        "O consultor é escolhido por um rodízio automático entre quem está em horário de trabalho. A pontuação e os "
        "dados financeiros não entram nessa escolha.",
        "Entre os disponíveis, vai para quem tem menos clientes em aberto."
        if strategy_in_use() == Strategy.LEAST_LOADED
        else "Entre os disponíveis, vai para quem recebeu um cliente há mais tempo.",
    ]
    first = next(iter(line(fits_of(lead))), None)
    rule = AssignmentRule.objects.filter(pk=first.rule_id).first() if first and first.ruled else None
    if rule is not None:
        sentences.append(
            f"Para este pedido vale a regra “{rule.name}”, que olha o produto, o estado e por onde o contato chegou."
        )
    return sentences
