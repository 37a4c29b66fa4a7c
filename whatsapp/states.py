"""A session's states, and which may follow which. What a person reads in each of them stands in `words.py`."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    STOPPED = "stopped", _("Stopped")
    STARTING = "starting", _("Starting")
    AWAITING_QR = "awaiting_qr", _("Waiting for the QR code")
    AWAITING_CODE = "awaiting_code", _("Waiting for the phone code")
    PAIRING = "pairing", _("Pairing")
    ONLINE = "online", _("Online")
    RECONNECTING = "reconnecting", _("Reconnecting")
    LOGGED_OUT = "logged_out", pgettext_lazy("WhatsApp session", "Logged out")
    TEMP_BANNED = "temp_banned", _("Temporarily banned")
    OUTDATED = "outdated", _("Outdated")
    CONFLICT = "conflict", _("Open elsewhere")
    FAILED = "failed", _("Failed")


class Gateway(models.TextChoices):
    SIMULATOR = "simulator", _("Simulator")
    NEONIZE = "neonize", _("WhatsApp")


# A process works for the session in these.
LIVE = frozenset(
    {State.STARTING, State.AWAITING_QR, State.AWAITING_CODE, State.PAIRING, State.ONLINE, State.RECONNECTING}
)
# Only a person, or for the ban the calendar, leads out of these.
ENDED = frozenset({State.LOGGED_OUT, State.TEMP_BANNED, State.OUTDATED, State.CONFLICT})
# A manager is told on the way in.
TROUBLE = ENDED | {State.FAILED}

_ENDINGS = TROUBLE | {State.STOPPED}

TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.STOPPED: frozenset({State.STARTING}),
    State.STARTING: _ENDINGS
    | {State.AWAITING_QR, State.AWAITING_CODE, State.PAIRING, State.ONLINE, State.RECONNECTING},
    State.AWAITING_QR: _ENDINGS
    | {State.STARTING, State.AWAITING_CODE, State.PAIRING, State.ONLINE, State.RECONNECTING},
    State.AWAITING_CODE: _ENDINGS
    | {State.STARTING, State.AWAITING_QR, State.PAIRING, State.ONLINE, State.RECONNECTING},
    State.PAIRING: _ENDINGS | {State.STARTING, State.ONLINE, State.RECONNECTING},
    State.ONLINE: _ENDINGS | {State.RECONNECTING},
    State.RECONNECTING: _ENDINGS
    | {State.STARTING, State.AWAITING_QR, State.AWAITING_CODE, State.PAIRING, State.ONLINE},
    State.LOGGED_OUT: frozenset({State.STARTING, State.STOPPED}),
    State.TEMP_BANNED: frozenset({State.STARTING, State.STOPPED, State.LOGGED_OUT}),
    State.OUTDATED: frozenset({State.STARTING, State.STOPPED}),
    State.CONFLICT: frozenset({State.STARTING, State.STOPPED, State.LOGGED_OUT}),
    State.FAILED: frozenset({State.STARTING, State.STOPPED}),
}


def may_move(origin: str, target: str) -> bool:
    """True if the table allows it. Staying where one is, is no move."""
    return State(target) in TRANSITIONS[State(origin)]
