"""Ready answers: the team's, which managers keep, and everybody's own. What stands in braces is filled in on use from
what is known; what is not known stays as it is, marked, for the consultant to fill in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from conversations.models import CannedReply, Conversation
from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.ports import Gathering
from crm.core.templatetags.ui import cents
from crm.core.text import text_within
from crm.core.work import service

MAX_SHORTCUT, MAX_TEXT, MAX_OWN = 30, 4096, 200
VARIABLES = ("nome", "primeiro_nome", "consultor", "empresa", "produto", "valor", "prazo", "saudacao")
_PLACE = re.compile(r"\{(" + "|".join(VARIABLES) + r")\}")

# What only higher layers know, by variable: the name of the business.
canned_facts: Gathering[[Conversation]] = Gathering()


@dataclass(frozen=True)
class Filled:
    """A ready answer as it would be sent; `missing` are the variables nothing is known for."""

    reply: CannedReply
    text: str
    missing: tuple[str, ...]


def canned_visible_to(user: User) -> QuerySet[CannedReply]:
    """The team's and one's own, one's own first where both have a shortcut."""
    return CannedReply.objects.filter(Q(owner=None) | Q(owner=user)).order_by(
        "shortcut", F("owner").asc(nulls_last=True)
    )


def canned_editable_by(user: User) -> QuerySet[CannedReply]:
    """One's own, and the team's for managers."""
    mine = Q(owner=user)
    return CannedReply.objects.filter(mine | Q(owner=None) if user.is_manager else mine)


def canned_for(conversation: Conversation, user: User) -> list[Filled]:
    """Everything a person may use in a thread, filled in for it. One's own takes the place of the team's."""
    facts = variables_of(conversation, user)
    chosen: dict[str, CannedReply] = {}
    for reply in canned_visible_to(user):
        chosen.setdefault(reply.shortcut, reply)
    return [Filled(reply, *fill(reply.text, facts)) for reply in chosen.values()]


def fill(text: str, facts: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The text with what is known in its places, and the names of the places that stay."""
    filled = _PLACE.sub(lambda place: facts.get(place[1]) or place[0], text)
    return filled, unfilled(filled)


def unfilled(text: str) -> tuple[str, ...]:
    """The places of a text that still wait for a value, each once."""
    return tuple(dict.fromkeys(_PLACE.findall(text)))


def refuse_unfilled(text: str) -> None:
    """Raises Invalid where a text would show a client our braces."""
    if places := unfilled(text):
        sentence = _("Fill in %(places)s first.") % {"places": ", ".join(f"{{{name}}}" for name in places)}
        raise Invalid(sentence, code="unfilled", fields={"text": sentence})


def variables_of(conversation: Conversation, user: User) -> dict[str, str]:
    """What is known of the client and of whoever writes; what is not known is empty."""
    lead = conversation.lead
    name = lead.name or conversation.contact.push_name
    return {
        "nome": name,
        "primeiro_nome": name.split()[0] if name.split() else "",
        "consultor": user.name,
        "produto": lead.product_label,
        "valor": cents(lead.credit_amount),
        "prazo": f"{lead.term_months} meses" if lead.term_months else "",
        "saudacao": _greeting(),
        **canned_facts(conversation),
    }


def _greeting() -> str:
    hour = timezone.localtime(now()).hour
    return "boa noite" if hour < 5 or hour >= 18 else "bom dia" if hour < 12 else "boa tarde"


@service
def canned_save(*, user: User, shortcut: str, text: str, shared: bool, reply_id: int | None = None) -> CannedReply:
    """Write a ready answer, or change one. Only managers keep the team's. Raises Invalid, NotFound and Conflict."""
    reply = _editable(user, reply_id) if reply_id else CannedReply()
    owner = None if shared and user.is_manager else user
    reply.owner, reply.shortcut, reply.text = owner, _shortcut_of(shortcut), _text_of(text)
    same = CannedReply.objects.filter(owner=owner, shortcut=reply.shortcut).exclude(pk=reply.pk)
    if same.exists():
        sentence = _("There is already an answer called /%(shortcut)s.") % {"shortcut": reply.shortcut}
        raise Conflict(sentence, code="taken", fields={"shortcut": sentence})
    if reply.pk is None and CannedReply.objects.filter(owner=owner).count() >= MAX_OWN:
        raise Invalid(_("There are too many ready answers. Delete one first."))
    reply.save()
    return reply


@service
def canned_delete(*, user: User, reply_id: int) -> None:
    """Raises NotFound for what is not one's to delete."""
    _editable(user, reply_id).delete()


def _editable(user: User, reply_id: int) -> CannedReply:
    reply = canned_editable_by(user).select_for_update().filter(pk=reply_id).first()
    if reply is None:
        raise NotFound
    return reply


def _shortcut_of(raw: str) -> str:
    shortcut = slugify(raw.strip().lstrip("/"))[:MAX_SHORTCUT].strip("-")
    if not shortcut:
        sentence = _("Give it a short name, such as documentos.")
        raise Invalid(sentence, fields={"shortcut": sentence})
    return shortcut


def _text_of(raw: str) -> str:
    sentence = _("Write what is to be said, in 4,096 characters at most.")
    return text_within(raw, limit=MAX_TEXT, empty=sentence, too_long=sentence)
