"""A session's states: which may follow which, and what a person reads in each of them."""

from collections.abc import Mapping
from typing import Any

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


_SENTENCES: Mapping[State, Any] = {
    State.STOPPED: _("This number is disconnected."),
    State.STARTING: _("Connecting to WhatsApp…"),
    State.AWAITING_QR: _("Waiting for the phone to scan the QR code."),
    State.AWAITING_CODE: _("Waiting for the code to be typed on the phone."),
    State.PAIRING: _("The phone accepted. Finishing the pairing…"),
    State.ONLINE: _("Connected: messages arrive and leave."),
    State.RECONNECTING: _("The connection fell. Trying again by itself."),
    State.LOGGED_OUT: _("The phone removed this device."),
    State.TEMP_BANNED: _("WhatsApp blocked this number until %(until)s."),
    State.OUTDATED: _("WhatsApp no longer accepts this version of the system."),
    State.CONFLICT: _("This session was opened in another place."),
    State.FAILED: _("The connection failed and the quick attempts are used up."),
}

_REMEDIES: Mapping[State, Any] = {
    State.STOPPED: _("Press Connect to receive and send messages."),
    State.AWAITING_QR: _("On the phone: WhatsApp, Linked devices, Link a device, and point it at the code."),
    State.AWAITING_CODE: _("On the phone: WhatsApp, Linked devices, Link with phone number, and type the code."),
    State.RECONNECTING: _("Nothing to do. If it lasts, check the server's network."),
    State.LOGGED_OUT: _("Press Connect and pair the phone again."),
    State.TEMP_BANNED: _("Nothing can be sent before then. Send fewer messages to people who never wrote to you."),
    State.OUTDATED: _("Ask the operator to update the system, then press Connect."),
    State.CONFLICT: _("Close the other one, then press Connect."),
    State.FAILED: _("It is tried again now and then. Check the network and the phone, or press Connect."),
}


def sentence(state: str, *, until: Any = None) -> str:
    """The state in plain words."""
    text = str(_SENTENCES[State(state)])
    return text % {"until": until or "?"} if State(state) is State.TEMP_BANNED else text


# Why a state changed, in the words in which it is recorded.
_REASONS: Mapping[str, Any] = {
    "asked": _("at somebody's request"),
    "client outdated": _("WhatsApp refused this version"),
    "device removed": _("the device was removed on the phone"),
    "line dropped": _("the line dropped"),
    "no connection for too long": _("no connection for too long"),
    "no network": _("no network"),
    "pairing timed out": _("nobody paired the phone in time"),
    "process ended": _("the process ended"),
    "process gone": _("the process was gone"),
    "process started again": _("the process started again"),
    "server stopping": _("the server was stopping"),
    "stream replaced": _("the session was opened elsewhere"),
    "temporary ban": _("WhatsApp blocked the number for a while"),
}


def reason_text(reason: str) -> str:
    """A recorded reason in the reader's language; what is not ours stands as it came."""
    words, mark, detail = reason.partition(" (")
    return f"{_REASONS.get(words, words)}{mark}{detail}"


def remedy(state: str) -> str:
    """What a person can do about it; empty where nothing is needed."""
    return str(_REMEDIES.get(State(state), ""))
