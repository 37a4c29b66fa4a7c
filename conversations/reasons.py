"""Why a message has not left, or may not have, in words for whoever wrote it."""

from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import date
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from conversations.claims import BLOCKED, CHECKING, NOT_ON_WHATSAPP, PACED
from conversations.models import Message, MessageState

_OFFLINE = _("There was no connection to WhatsApp.")

_FAILED: Mapping[str, Any] = {
    NOT_ON_WHATSAPP: _("This phone number is not on WhatsApp."),
    "463": _("WhatsApp refuses first messages from this number for now. The client may write to us."),
    "479": _("WhatsApp refused this message."),
    "interrupted": _OFFLINE,
    "not_connected": _OFFLINE,
    "upload": _("WhatsApp did not take the file."),
    "file_missing": _("The file is no longer there."),
}
_HELD: Mapping[str, Any] = {
    PACED: _("Leaves later: limit of first messages a day."),
    BLOCKED: _("Leaves later: WhatsApp refuses first messages from this number for now."),
    CHECKING: _("Checking whether this number is on WhatsApp…"),
}


def delivery_note(message: Message) -> str:
    """A sentence for a failed, an unconfirmed or a deliberately held message; empty for all others."""
    if message.state == MessageState.FAILED:
        return str(_FAILED.get(message.error_code) or message.error_detail or _now("The message was not sent."))
    if message.state == MessageState.UNKNOWN:
        return _now("We cannot tell whether it arrived.")
    if message.state != MessageState.QUEUED or message.error_code not in _HELD:
        return ""
    if message.error_code == CHECKING or message.not_before is None:
        return str(_HELD[message.error_code])
    when = date(localtime(message.not_before), "SHORT_DATETIME_FORMAT")
    return f"{_HELD[message.error_code]} ({when})"
