"""How a client writes, in words: for the model in Portuguese, for people in their own language."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agent.models import ContactProfile
from agent.profiles import data_of
from conversations.models import Conversation
from conversations.realtime import more_of_thread

_CLEAR = 0.25  # of 1; what is less is chance
_OFTEN = 0.15  # of the messages
_ENOUGH = 3  # messages

_PORTUGUESE: dict[str, dict[str, str]] = {
    "mensagens": {"short": "curtas", "medium": "médias", "long": "longas"},
    "tom": {"formal": "formal", "informal": "informal"},
    "emojis": {"often": "usa"},
    "humor": {"good": "bom", "bad": "ruim"},
    "tendencia": {"better": "melhorando", "worse": "piorando"},
    "participacao": {"high": "alta", "medium": "média"},
}
_SHOWN: dict[str, dict[str, Promise]] = {
    "mensagens": {"short": _("short messages"), "long": _("long messages")},
    "tom": {"formal": _("formal tone"), "informal": _("informal tone")},
    "emojis": {"often": _("uses emojis")},
    "humor": {"good": _("in a good mood"), "bad": _("in a bad mood")},
    "tendencia": {"better": _("mood rising"), "worse": _("mood falling")},
    "participacao": {"high": _("writes often")},
}


def traits(profile: ContactProfile) -> dict[str, str]:
    """What is clear enough to be told, as codes."""
    data, style = data_of(profile), profile.style
    found = {
        "mensagens": str(style.get("length") or ""),
        "tom": _sign(data.formality, "formal", "informal"),
        "emojis": "often" if data.emoji_rate >= _OFTEN else "",
        "humor": _sign(data.sentiment, "good", "bad"),
        "tendencia": _sign(profile.sentiment_trend, "better", "worse"),
        "participacao": str(style.get("engagement") or ""),
    }
    return {trait: code for trait, code in found.items() if code}


def _sign(value: float | None, above: str, below: str) -> str:
    return "" if value is None or abs(value) < _CLEAR else above if value > 0 else below


def profile_layer(profile: ContactProfile) -> dict[str, str]:
    """For the prompt: {"mensagens": "curtas", "tom": "informal", "humor": "ruim", "tendencia": "melhorando" …}."""
    return {trait: words[code] for trait, words in _PORTUGUESE.items() if (code := traits(profile).get(trait)) in words}


def manner_of(contact_id: int) -> list[Promise]:
    """For a colleague who is about to answer; empty before there is enough to go by."""
    profile = ContactProfile.objects.filter(contact=contact_id, messages_read__gte=_ENOUGH).first()
    found = traits(profile) if profile else {}
    return [words[code] for trait, words in _SHOWN.items() if (code := found.get(trait)) in words]


@more_of_thread.plug
def manner(conversation: Conversation) -> dict[str, Any]:
    return {"manner": manner_of(conversation.contact_id)}
