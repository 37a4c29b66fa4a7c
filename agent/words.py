"""Codes of turns and slots in words, for people who read what Lívia did."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agent.brain.money import brl
from agent.models.stages import StageChoice
from crm.core.clock import now
from leads.models import Product
from leads.words import in_words

MONEY = frozenset(
    {"credit_amount", "property_value", "vehicle_value", "down_payment", "monthly_income", "max_installment"}
)
SLOTS: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "product": gettext_lazy("Product"),
    "credit_amount": gettext_lazy("Credit"),
    "property_value": gettext_lazy("Property"),
    "vehicle_value": gettext_lazy("Vehicle"),
    "down_payment": gettext_lazy("Down payment"),
    "term_months": gettext_lazy("Term"),
    "monthly_income": gettext_lazy("Income"),
    "max_installment": gettext_lazy("Instalment at most"),
    "city": gettext_lazy("City"),
    "uf": gettext_lazy("State"),
    "occupation": gettext_lazy("Occupation"),
    "purpose": gettext_lazy("Purpose"),
    "collateral_paid_off": gettext_lazy("Collateral paid off"),
    "urgency": gettext_lazy("Urgency"),
    "cpf": "CPF",
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
}
PATHS: dict[str, Any] = {
    "gate": gettext_lazy("Gate"),
    "rules": gettext_lazy("Rules"),
    "model": gettext_lazy("Model"),
    "repaired": gettext_lazy("Repaired"),
    "calculator": gettext_lazy("Calculator"),
    "guard": gettext_lazy("Guard"),
    "template": gettext_lazy("Template"),
    "default": gettext_lazy("Default reply"),
}
KINDS: dict[str, Any] = {
    "model": gettext_lazy("Model"),
    "repaired": gettext_lazy("Model, repaired"),
    "rules": gettext_lazy("Rules"),
    "default": gettext_lazy("Default reply"),
}
OUTCOMES: dict[str, Any] = {
    "continue": gettext_lazy("Goes on"),
    "simulated": gettext_lazy("Simulated"),
    "handoff": gettext_lazy("Handed over"),
    "opt_out": gettext_lazy("Opted out"),
    "silent": gettext_lazy("Silent"),
}
INTENTS: dict[str, Any] = {
    "affirm": gettext_lazy("Yes"),
    "deny": gettext_lazy("No"),
    "postpone": gettext_lazy("Later"),
    "ask_human": gettext_lazy("Wants a person"),
    "ask_rate": gettext_lazy("Asks for the rate"),
    "ask_docs": gettext_lazy("Asks for documents"),
    "ask_simulation": gettext_lazy("Wants a simulation"),
    "objection_expensive": gettext_lazy("Too expensive"),
    "opt_out": gettext_lazy("Wants no messages"),
    "not_interested": gettext_lazy("Not interested"),
    "abuse": gettext_lazy("Abuse"),
    "greet": gettext_lazy("Greets"),
    "thanks": gettext_lazy("Thanks"),
    "bye": gettext_lazy("Says goodbye"),
    "smalltalk": gettext_lazy("Small talk"),
    "other": gettext_lazy("Other"),
}
GUARD: dict[str, Any] = {
    "figure": gettext_lazy("A figure nobody computed"),
    "approval_promise": gettext_lazy("Promises approval"),
    "no_check": gettext_lazy("Says that nothing is checked"),
    "advance_fee": gettext_lazy("Asks for money in advance"),
    "secret": gettext_lazy("Asks for a password or code"),
    "link": gettext_lazy("A link that is not listed"),
    "prompt_text": gettext_lazy("Repeats her instructions"),
    "personal_data": gettext_lazy("Holds personal data"),
    "other_person": gettext_lazy("Names another person"),
    "handoff_promise": gettext_lazy("Promises a person without handing over"),
    "deadline_promise": gettext_lazy("Promises a deadline"),
    "claim": gettext_lazy("Claims an advantage"),
    "no_interest": gettext_lazy("Says there is no interest"),
    "human_claim": gettext_lazy("Claims to be human"),
    "asks_known": gettext_lazy("Asks what is known"),
    "asks_personal": gettext_lazy("Asks for personal data"),
    "empty": gettext_lazy("Is empty"),
    "too_long": gettext_lazy("Is too long"),
    "repeat": gettext_lazy("Repeats the last reply"),
    "language": gettext_lazy("Is not in Portuguese"),
    "placeholder": gettext_lazy("Holds a placeholder"),
    "markup": gettext_lazy("Holds markup"),
}
SOURCES: dict[str, Any] = {
    "client": gettext_lazy("the client's words"),
    "simulation": gettext_lazy("the simulation"),
    "refused": gettext_lazy("the calculator, beyond the income"),
    "offer": gettext_lazy("the calculator's offer"),
    "business": gettext_lazy("the business's answers"),
    "example": gettext_lazy("an example in a question"),
    "": gettext_lazy("unknown"),
}
LAYERS: dict[str, Any] = {
    "versao": gettext_lazy("Version"),
    "etapa": gettext_lazy("Stage"),
    "proximo_dado": gettext_lazy("Asks next"),
    "proximo_dado_em_palavras": gettext_lazy("In words"),
    "cliente": gettext_lazy("Who the client is"),
    "relacao": gettext_lazy("Relationship"),
    "como_escreve": gettext_lazy("How they write"),
    "assuntos": gettext_lazy("Topics"),
    "historico": gettext_lazy("History"),
    "momento": gettext_lazy("Situation"),
    "dados_conhecidos": gettext_lazy("Known of the request"),
    "figuras_permitidas": gettext_lazy("Figures she may quote"),
    "identity": gettext_lazy("Who the client is"),
    "relationship": gettext_lazy("Relationship"),
    "communication": gettext_lazy("How they write"),
    "topics": gettext_lazy("Topics"),
    "history": gettext_lazy("History"),
    "situation": gettext_lazy("Situation"),
    "business": gettext_lazy("Business"),
}
CANCELLED: dict[str, Any] = {
    "answered": gettext_lazy("the client wrote"),
    "taken": gettext_lazy("a person took the conversation"),
    "served": gettext_lazy("a person serves the client on another number"),
    "not_attended": gettext_lazy("Lívia does not attend there"),
    "opted_out": gettext_lazy("the client wants no messages"),
    "closed": gettext_lazy("the lead is closed"),
    "switched_off": gettext_lazy("reminders are switched off"),
    "ended": gettext_lazy("the conversation had ended"),
    "refused": gettext_lazy("the client was not interested"),
    "nothing_asked": gettext_lazy("nothing was asked"),
    "undelivered": gettext_lazy("the last message did not arrive"),
    "joined": gettext_lazy("the conversation became one with another"),
    "loop": gettext_lazy("the conversation went in circles"),
}
WHY_NOT: dict[str, Any] = {
    "figures_belong_to_rules": gettext_lazy("figures are read by the rules"),
    "personal_data": gettext_lazy("personal data is read by the rules"),
    "rules_win": gettext_lazy("the rules read another value"),
    "known": gettext_lazy("already told, and not corrected"),
    "not_in_clients_words": gettext_lazy("not in the client's words"),
}
ERRORS: dict[str, Any] = {
    "timeout": gettext_lazy("No answer in time"),
    "deadline": gettext_lazy("No time left for the turn"),
    "connection": gettext_lazy("No connection"),
    "auth": gettext_lazy("Key refused"),
    "open": gettext_lazy("Held back by the breaker"),
    "envelope": gettext_lazy("An answer without content"),
    "length": gettext_lazy("Answer cut off"),
    "refusal": gettext_lazy("The model refused"),
}
BREAKER: dict[str, Any] = {
    "closed": gettext_lazy("Closed: calls go through"),
    "open": gettext_lazy("Open: calls are held back"),
    "half_open": gettext_lazy("Half open: one call tries"),
}


def said(words: dict[str, Any], code: str) -> str:
    """A code in words; one without stands as it is, readably."""
    return str(words[code]) if code in words else code.replace("_", " ").replace(":", " · ")


def error(code: str) -> str:
    """What went wrong with a call of the model."""
    return code.upper().replace("_", " ") if code.startswith("http_") else said(ERRORS, code)


def source(code: str) -> str:
    """Where a figure is known from."""
    family, _colon, name = code.partition(":")
    if family == "slot":
        return _("the client: %(slot)s") % {"slot": said(SLOTS, name)}
    if family == "product":
        return _("the terms of %(product)s") % {"product": dict(Product.choices).get(name, name)}
    return said(SOURCES, code)


def months(value: Any) -> str:
    return ngettext("%(n)s month", "%(n)s months", value) % {"n": value}


def when(moment: datetime) -> str:
    """A moment soon to come."""
    local, today = timezone.localtime(moment), timezone.localdate(now())
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return _("today at %(time)s") % {"time": clock}
    if local.date() == today + timedelta(days=1):
        return _("tomorrow at %(time)s") % {"time": clock}
    return _("%(day)s at %(time)s") % {"day": date_format(local, "D, d/m"), "time": clock}


def shown(slot: str, value: Any) -> str:
    """A slot's value as people read it."""
    if value in (None, ""):
        return "–"
    if slot in MONEY and isinstance(value, int):
        return brl(value)
    if slot == "term_months":
        return months(value)
    if slot == "product":
        return str(dict(Product.choices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return in_words(str(value)) if slot in ("occupation", "purpose") else str(value)


def stages() -> dict[str, str]:
    return {code: str(label) for code, label in StageChoice.choices}
