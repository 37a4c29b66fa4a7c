"""How Lívia behaves in each stage: what a model is told, what is said when nothing else fits, what is asked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.brain.requirements import ASKABLE
from agent.brain.stages import Stage

# Least and greatest plausible value of a slot, money in cents and terms in months. Beyond them stands a slip of the
# finger or a joke, and the question is asked again.
LIMITS: dict[str, tuple[int, int]] = {
    "credit_amount": (100_00, 100_000_000_00),
    "property_value": (5_000_00, 1_000_000_000_00),
    "vehicle_value": (500_00, 20_000_000_00),
    "monthly_income": (50_00, 50_000_000_00),
    "down_payment": (50_00, 500_000_000_00),
    "max_installment": (10_00, 10_000_000_00),
    "term_months": (1, 1200),
}


@dataclass(frozen=True)
class StagePolicy:
    """One stage's behaviour. `asks` are slots of requirements.ASKABLE; the figures of a product are always asked."""

    instructions: str
    default_reply: str
    asks: tuple[str, ...] = ()
    limits: Mapping[str, tuple[int, int]] = field(default_factory=lambda: dict(LIMITS))
    version_id: int | None = None


DEFAULT_POLICIES: dict[Stage, StagePolicy] = {
    Stage.INTRO: StagePolicy(
        instructions=(
            "É a primeira resposta ao cliente.\n"
            "- Cumprimente, diga que você é a Lívia, assistente virtual da empresa, e pergunte o que falta em "
            "proximo_dado.\n"
            "- Se o cliente já contou o que procura, mostre que entendeu antes de perguntar.\n"
            "- Uma pergunta só. Duas frases bastam."
        ),
        default_reply="Olá! Eu sou a Lívia, assistente virtual. Me conta: como posso te ajudar com crédito?",
        asks=("name",),
    ),
    Stage.QUALIFICATION: StagePolicy(
        instructions=(
            "Você está conhecendo o pedido do cliente para poder fazer uma simulação.\n"
            "- Reconheça em poucas palavras o que ele acabou de dizer e pergunte o que está em proximo_dado.\n"
            "- Uma pergunta por vez, curta e gentil; nunca peça o que já está em dados_conhecidos.\n"
            "- Se ele perguntar algo, responda primeiro só com o que está nas informações da empresa e dos produtos; "
            "se não souber, diga que o consultor explica essa parte, e então faça a pergunta.\n"
            "- Se ele não souber um valor, diga que uma estimativa já ajuda.\n"
            "- Não calcule parcelas nem diga taxas que não estejam na lista de produtos: a simulação é feita pelo "
            "sistema."
        ),
        default_reply=(
            "Quero entender direitinho o que você precisa. Pode me contar com outras palavras, por favor? "
            "Se preferir falar com uma pessoa, é só escrever *consultor*."
        ),
        asks=("city", "collateral_paid_off", "purpose", "occupation"),
    ),
    Stage.SIMULATION: StagePolicy(
        instructions=(
            "O sistema está ajustando a simulação com o cliente.\n"
            "- Explique com calma e sem números novos por que o valor ou o prazo precisa mudar, se ele perguntar.\n"
            "- Use só as figuras que estão em figuras_permitidas ou nas palavras do cliente.\n"
            "- Não insista: se ele preferir, um consultor pode ver outras opções."
        ),
        default_reply=(
            "Posso ajustar o valor ou o prazo para você ver outra simulação. O que prefere mudar? "
            "Se quiser falar com uma pessoa, é só escrever *consultor*."
        ),
    ),
    Stage.CONVERSION: StagePolicy(
        instructions=(
            "O cliente já viu a simulação e decide se quer seguir com um consultor.\n"
            "- Tire dúvidas com as informações da empresa e dos produtos, em poucas frases.\n"
            "- Lembre, quando couber, que é uma simulação, sujeita a análise de crédito; nunca diga que está "
            "aprovado.\n"
            "- Não faça pressão e não invente vantagens, prazos de liberação ou condições especiais.\n"
            "- Não diga que já chamou o consultor: o sistema faz isso quando o cliente aceita."
        ),
        default_reply=(
            "Sobre a sua simulação: posso mudar o valor ou o prazo, ou chamar um consultor para seguir com você. "
            "O que prefere?"
        ),
    ),
}


def policy_of(stage: Stage, policies: Mapping[Stage, StagePolicy]) -> StagePolicy:
    """The policy of a stage; one that is not configured behaves as it does by default."""
    return policies.get(stage) or DEFAULT_POLICIES.get(stage) or DEFAULT_POLICIES[Stage.QUALIFICATION]


def asks_of(policies: Mapping[Stage, StagePolicy]) -> Collection[str]:
    """Whatever any stage asks for: a client is never sent back because the next stage asks for more."""
    asked = {slot for stage in DEFAULT_POLICIES for slot in policy_of(stage, policies).asks}
    return frozenset(asked & set(ASKABLE))


def implausible(slots: Mapping[str, Any], policy: StagePolicy) -> frozenset[str]:
    """The slots whose value lies beyond the policy's limits."""
    return frozenset(
        slot
        for slot, (least, greatest) in policy.limits.items()
        if isinstance(slots.get(slot), int) and not least <= slots[slot] <= greatest
    )
