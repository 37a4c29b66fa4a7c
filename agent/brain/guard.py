"""Reads every reply before it leaves: no figure that nobody computed, no promise, no trap for the client."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agent.brain.numbers import figures_in
from agent.brain.products import ProductTerms
from agent.brain.roles import MONEY_SLOTS
from agent.brain.simulation import Figures, SimulationResult
from agent.brain.text import normalise, words

MAX_CHARS = 700

# code -> what no reply may say, over normalised text
_FORBIDDEN: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        (
            "approval_promise",
            r"\b(?:(?:ja )?(?:esta|foi|sera|vai ser|seu credito (?:esta|foi)) (?:pre.?)?aprovad[oa]|"
            r"aprovacao (?:garantida|certa|imediata|na hora|automatica|facil)|"
            r"aprovamos (?:o |seu |sem)|(?:e|esta) garantid[oa]|garant(?:o|imos) (?:a |sua |que )*(?:aprovac|"
            r"aprov|liberac|credito|taxa)\w*|"
            r"credito (?:pre.?aprovado|liberado|garantido)|com certeza (?:vai ser |sera )?aprov\w*|"
            r"cem por cento aprovad|100% (?:aprovad|garantid)\w*|dinheiro (?:esta )?liberado)\b",
        ),
        (
            "no_check",
            r"\bsem (?:qualquer |nenhuma )?(?:consult\w+|analise|verificac\w+|restric\w+)(?: (?:a[os]?|de|do|"
            r"no|na|em) )?(?:spc|serasa|cpf|credito|nome|orgaos)?\b|"
            r"\b(?:aceita|para|mesmo) (?:negativad[oa]s?|nome sujo)\b|\bnao consulta(?:mos)? (?:o )?(?:spc|"
            r"serasa|cpf)\b|\bsem comprovar renda\b",
        ),
        (
            "advance_fee",
            r"\bpix\b|\b(?:taxa|deposito|pagamento|valor|tarifa|seguro) (?:antecipad[oa]|adiantad[oa]|"
            r"de (?:liberacao|cadastro|avaliacao antes))|"
            r"\b(?:deposit|transfir|pag)(?:e|ue|ar|a) (?:antes|agora|primeiro|para liberar)|"
            r"\bboleto (?:antecipado|de liberacao|para liberar)\b|\bpara liberar o (?:credito|"
            r"dinheiro)[^.]{0,25}\b(?:pag|deposit|transf)\w+",
        ),
        (
            "secret",
            r"\bsenhas?\b|\btoken\b|\bcodigo (?:de verificacao|sms|de seguranca|que (?:chegou|recebeu))|"
            r"\bcvv\b|\bnumero do (?:seu )?cartao\b",
        ),
        (
            "link",
            r"https?://|\bwww\.|\b(?:bit\.ly|wa\.me|t\.me)\b|\b[a-z0-9-]+\.(?:com|net|org|io|site|online)(?:\.br)?\b",
        ),
        (
            "prompt_text",
            r"\b(?:system prompt|prompt do sistema|minhas instrucoes|instrucoes (?:do sistema|internas)|"
            r"modelo de linguagem|language model|openai|llama|gpt|groq)\b|"
            r"\"(?:reply|intent|slots|next_stage|handoff)\"|```|\{\s*\"",
        ),
        ("document_number", r"\b\d{3}\.?\d{3}\.?\d{3}-?\d{2}\b"),
    )
)
_PORTUGUESE = words(
    "voce nao de que o a e para com um uma em seu sua por mais como qual quanto obrigada ola eu do da os as no na se "
    "esse isso tudo oi sim"
)
_ENGLISH = words("the you your is are and for with please thank what how hello can loan this that would have")


@dataclass(frozen=True)
class Violation:
    """`code` for machines, `text` is the offending piece of the reply."""

    code: str
    text: str


@dataclass(frozen=True)
class AllowedFigures:
    """Cents, percents as written (1.19 means 1.19 %), months."""

    money: frozenset[int] = frozenset()
    percents: frozenset[Decimal] = frozenset()
    terms: frozenset[int] = frozenset()
    links: frozenset[str] = frozenset()

    def __or__(self, other: "AllowedFigures") -> "AllowedFigures":
        return AllowedFigures(
            self.money | other.money,
            self.percents | other.percents,
            self.terms | other.terms,
            self.links | other.links,
        )

    @classmethod
    def of_slots(cls, slots: Mapping[str, Any]) -> "AllowedFigures":
        money = frozenset(slots[slot] for slot in MONEY_SLOTS if isinstance(slots.get(slot), int))
        return cls(money=money, terms=frozenset({slots["term_months"]} if slots.get("term_months") else set()))

    @classmethod
    def of_products(cls, products: Iterable[ProductTerms]) -> "AllowedFigures":
        percents: set[Decimal] = set()
        terms: set[int] = set()
        money: set[int] = set()
        for product in products:
            rates = (
                *(product.monthly_rate, product.yearly_rate, product.max_ltv, product.max_ltv_price),
                *(product.income_commitment, product.admin_fee, product.reserve_fund),
            )
            percents |= {rate * 100 for rate in rates if rate}
            terms |= {product.min_term, product.max_term}
            money |= {value for value in (product.max_credit, product.max_collateral) if value}
        return cls(frozenset(money), frozenset(percents), frozenset(terms))

    @classmethod
    def of_simulation(cls, result: SimulationResult) -> "AllowedFigures":
        figures = result.figures()
        return cls(figures.money, figures.percents, figures.months)

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> "AllowedFigures":
        """What the client said, or what the configured answers say."""
        found = [figure for text in texts for figure in figures_in(text)]
        return cls(
            frozenset(int(f.value) for f in found if f.kind == "money"),
            frozenset(f.value for f in found if f.kind == "percent"),
            frozenset(int(f.value) for f in found if f.kind == "term"),
        )


def check(reply: str, allowed: AllowedFigures, *, last_reply: str = "") -> list[Violation]:
    """Everything wrong with a reply; empty if it may be sent."""
    found = [Violation("figure", text) for text in _unknown_figures(reply, allowed)]
    norm = normalise(reply)
    text = norm.text
    for link in allowed.links:
        text = text.replace(link.lower(), "")
    for code, pattern in _FORBIDDEN:
        if match := pattern.search(text):
            found.append(Violation(code, match.group()))
    if not reply.strip():
        found.append(Violation("empty", ""))
    if len(reply) > MAX_CHARS:
        found.append(Violation("too_long", reply[MAX_CHARS:]))
    if last_reply and normalise(last_reply).text.split() == text.split():
        found.append(Violation("repeat", reply[:40]))
    if not _is_portuguese(text):
        found.append(Violation("language", reply[:40]))
    return found


def _unknown_figures(reply: str, allowed: AllowedFigures) -> list[str]:
    known = Figures(allowed.money, allowed.percents, allowed.terms)
    unknown = []
    for figure in figures_in(reply):
        fine = {
            "money": figure.value in allowed.money or _rounded_money(figure.value, allowed.money),
            "percent": known.has_percent(figure.value),
            "term": figure.value in allowed.terms,
        }[figure.kind]
        if not fine:
            unknown.append(figure.text)
    return unknown


def _rounded_money(cents: Decimal, money: frozenset[int]) -> bool:
    """Whole reais may stand for an amount with cents."""
    return cents % 100 == 0 and any((amount + 50) // 100 * 100 == cents for amount in money)


def _is_portuguese(text: str) -> bool:
    if re.search(r"[\u0400-\u04ff\u0600-\u06ff\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af]", text):
        return False
    words = re.findall(r"[a-z]+", text)
    english = sum(word in _ENGLISH for word in words)
    return english < 2 or sum(word in _PORTUGUESE for word in words) > english
