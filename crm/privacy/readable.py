"""What was gathered of a person, in Portuguese for people: sections of records, records of labelled lines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.utils.dateparse import parse_date, parse_datetime

from conversations.models import MessageKind
from crm.core.phones import phone_display
from crm.core.templatetags import ui

SECTIONS: dict[str, tuple[str, str]] = {
    "leads": ("Seus dados", "O cadastro, como está hoje."),
    "contacts": ("Seus contatos no WhatsApp", ""),
    "consents": ("Consentimentos", "O que você autorizou ou retirou, com as palavras de cada vez."),
    "simulations": ("Simulações", "Cálculos feitos para você. Uma simulação não é proposta nem aprovação de crédito."),
    "classifications": (
        "Pontuação",
        "Cada vez que o sistema avaliou seu interesse, com os motivos. Serve para decidir quem é atendido primeiro.",
    ),
    "understood": ("O que foi entendido da conversa", "Cada dado com o número da mensagem de onde veio."),
    "turns": ("Respostas da Lívia", "O que a assistente virtual leu e entendeu a cada resposta."),
    "profiles": ("Como você escreve", "O que a assistente virtual aprendeu para falar do seu jeito."),
    "reminders": ("Lembretes", ""),
    "scheduled_messages": ("Mensagens programadas", ""),
    "notes": ("Anotações da equipe", "O que a equipe escreveu sobre o seu atendimento."),
    "tasks": ("Tarefas da equipe", ""),
    "history": ("Histórico", "O que foi feito no seu atendimento."),
    "documents": ("Documentos", "Os arquivos estão na pasta “arquivos”."),
    "imports": ("Planilhas em que você estava", ""),
    "arrivals": ("Formulários e sistemas que nos enviaram seus dados", ""),
    "reviews": ("Pedidos de revisão", "Decisões automáticas que uma pessoa reviu a seu pedido."),
    "data_exports": ("Cópias dos seus dados", ""),
    "shared": ("Outros sistemas", "Sistemas ligados ao nosso que foram avisados, de quê e quando."),
    "accesses": (
        "Quem viu seus dados",
        "Funções e não nomes: os dados de quem trabalha aqui são dessas pessoas.",
    ),
}
LABELS = {
    "after": "Depois", "at": "Quando", "average_length": "Tamanho médio das mensagens", "before": "Antes", "by": "Por",
    "cet_year": "CET ao ano", "changes": "Mudanças", "channel": "Por onde", "city": "Cidade",
    "consented_at": "Autorizou mensagens em", "consultant": "Consultor", "conversation": "Conversa",
    "created_at": "Criado em", "credit_amount_brl": "Crédito", "days": "Dias em que escreveu",
    "down_payment_brl": "Entrada", "due_at": "Para", "edited_at": "Editado em", "email": "E-mail",
    "emoji_rate": "Emojis por mensagem", "engagement": "Participação", "explanation": "Explicação", "field": "Dado",
    "file": "Arquivo", "finished_at": "Pronto em", "first_instalment_brl": "Primeira parcela",
    "formality": "Formalidade", "given": "Autorizou", "intent": "Entendeu que", "keywords": "Palavras-chave",
    "kind": "Tipo", "last_day": "Último dia", "last_instalment_brl": "Última parcela", "length": "Mensagens",
    "lid": "Código no WhatsApp", "line": "Linha", "lost_note": "Observação",
    "lost_reason": "Motivo de não ter seguido", "merged_into": "Unido ao cadastro", "message": "Mensagem",
    "messages": "Mensagens lidas", "messages_read": "Mensagens lidas", "mime": "Formato", "model": "Modelo",
    "monthly_income_brl": "Renda", "name": "Nome", "note": "Detalhes", "number": "Número", "occupation": "Ocupação",
    "opted_out_at": "Pediu para não receber mensagens em", "outcome": "Resultado", "phone": "Telefone",
    "points": "Pontos", "preferred_name": "Como prefere ser chamado", "priority": "Prioridade", "product": "Produto",
    "property_value_brl": "Imóvel", "purpose": "Finalidade", "push_name": "Nome no WhatsApp",
    "rate_month": "Taxa ao mês", "reason": "Motivo", "reasons": "Motivos", "relationship": "Relação",
    "removed_at": "Removido em", "replies": "Respostas", "reviewed_at": "Revisado em", "role": "Função",
    "rules_score": "Pontos pelas regras", "rules_temperature": "Temperatura pelas regras", "score": "Pontuação",
    "send_at": "Envio", "sentiment": "Humor", "size": "Tamanho (bytes)", "source": "Origem", "state": "Situação",
    "status": "Etapa", "status_changed_at": "Nesta etapa desde", "style": "Estilo", "system": "Sistema",
    "temperature": "Temperatura",
    "term_months": "Prazo (meses)", "text": "Texto", "times": "Vezes", "title": "Título", "topics": "Assuntos",
    "tracking": "Como chegou até nós", "transfer_summary": "Resumo para o consultor", "uf": "Estado",
    "understood": "Novidades", "usual_sentiment": "Humor habitual", "value": "Valor", "values": "Valores",
    "vehicle_value_brl": "Veículo", "way": "Caminho", "what": "O quê", "whatsapp": "Endereço no WhatsApp",
    "won_amount_brl": "Valor fechado",
}  # fmt: skip
TABLES = frozenset({"consents", "understood", "reminders", "history", "data_exports", "accesses", "imports"})
_STYLE = {
    "length": {"short": "curtas", "medium": "médias", "long": "longas"},
    "engagement": {"low": "baixa", "medium": "média", "high": "alta"},
}
_RATES = frozenset({"rate_month", "cet_year"})


@dataclass(frozen=True)
class Line:
    """A value under its label; `texts` are its lines, `href` a file of the archive."""

    label: str
    texts: list[str]
    href: str = ""


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    text: str
    records: list[list[Line]]
    columns: list[str] = field(default_factory=list)  # of what is short and much the same: a table

    @property
    def rows(self) -> list[list[Line | None]]:
        """The records by columns."""
        found = [{line.label: line for line in record} for record in self.records]
        return [[record.get(column) for column in self.columns] for record in found]


def sections_of(data: dict[str, Any]) -> list[Section]:
    """All but the conversations, in the order of SECTIONS; what nobody described comes last under its own name."""
    unknown = {key: (key, "") for key in data if key not in SECTIONS and key != "conversations"}
    sections = []
    for code, (title, text) in {**SECTIONS, **unknown}.items():
        if records := data.get(code):
            lines = [_record(each) for each in records]
            columns = dict.fromkeys(line.label for record in lines for line in record) if code in TABLES else []
            sections.append(Section(code, title, text, lines, list(columns)))
    return sections


def threads_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The conversations with their messages, which have `special`: what they are if no text."""
    return [
        {**thread, "began": _shown("at", thread["created_at"])[0], "messages": _bubbles(thread.get("messages", []))}
        for thread in data.get("conversations", [])
    ]


def _bubbles(messages: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for message in messages:
        at, kind = _shown("at", message["at"])[0], message["kind"]
        special = "" if kind == str(MessageKind.TEXT.label) else kind
        yield {**message, "at": at, "special": special, "href": quote(message.get("file", ""))}


def _record(record: dict[str, Any]) -> list[Line]:
    return [
        Line(LABELS.get(key, key), _shown(key, value), quote(value) if key == "file" else "")
        for key, value in record.items()
    ]


def _shown(key: str, value: Any) -> list[str]:
    """A value as lines."""
    if isinstance(value, dict):
        return [f"{LABELS.get(name, name)}: {', '.join(_shown(name, each))}" for name, each in value.items()]
    if isinstance(value, list):
        return [_inline(each) for each in value]
    if isinstance(value, bool):
        return ["sim" if value else "não"]
    text = str(value)
    if key in _STYLE:
        return [_STYLE[key].get(text, text)]
    if isinstance(value, float):
        return [f"{value:.2f}".replace(".", ",")]
    if key.endswith("_brl"):
        return [ui.cents(round(float(text) * 100))]
    if key in _RATES:
        return [ui.rate(text)]
    if key == "phone":
        return [phone_display(text)]
    if (key == "at" or key.endswith("_at")) and (moment := parse_datetime(text)):
        return [f"{moment:%d/%m/%Y %H:%M}"]
    if key == "last_day" and (day := parse_date(text)):
        return [f"{day:%d/%m/%Y}"]
    return text.splitlines() or [""]


def _inline(value: Any) -> str:
    """One of a list on one line."""
    if not isinstance(value, dict):
        return str(value)
    if value.keys() <= {"points", "text"}:
        return f"{value.get('text', '')} ({value['points']:+d})" if value.get("points") else str(value.get("text", ""))
    if "field" in value:
        return f"{value['field']}: {value.get('before', '–')} → {value.get('after', '–')}"
    return " · ".join(f"{LABELS.get(key, key)}: {', '.join(_shown(key, each))}" for key, each in value.items())
