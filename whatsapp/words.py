"""What a person reads about a session: its state in a sentence, what to do about it, and why it changed.

Whoever reads this manages people, not servers. A reason is recorded as one of the keys below, with details in
brackets; where a reason says more than the state, its sentence and remedy take the state's place.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from whatsapp.states import State

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
    State.CONFLICT: _("This number was connected in another place."),
    State.FAILED: _("The connection failed and the quick attempts are used up."),
}

_REMEDIES: Mapping[State, Any] = {
    State.STOPPED: _("Press Connect to receive and send messages."),
    State.AWAITING_QR: _("On the phone: WhatsApp, Linked devices, Link a device. Then point it at the code."),
    State.AWAITING_CODE: _("On the phone: WhatsApp, Linked devices, Link with phone number. Then type the code."),
    State.RECONNECTING: _("Nothing to do. Messages wait and leave when the connection is back."),
    State.LOGGED_OUT: _("Press Connect and pair the phone again. The conversations stay."),
    State.TEMP_BANNED: _("Nothing leaves before then. Afterwards, write less to people who never wrote to you."),
    State.OUTDATED: _("Ask whoever runs the server to update the system, then press Connect."),
    State.CONFLICT: _("Close the other connection, then press Connect."),
    State.FAILED: _("It is tried again every few minutes. Check that the phone has internet, or press Connect."),
}

# Why a state changed, in the words in which it is recorded.
_REASONS: Mapping[str, Any] = {
    "asked": _("at somebody's request"),
    "auth failure": _("WhatsApp did not accept the pairing"),
    "cleaned up": _("put to rest, because nobody paired it"),
    "client outdated": _("WhatsApp refused this version"),
    "connect failure": _("WhatsApp refused the connection"),
    "device removed": _("the device was removed on the phone"),
    "disk full": _("the server's disk is full"),
    "line dropped": _("the line dropped"),
    "memory recycled": _("the process was renewed because it used much memory"),
    "no answer": _("WhatsApp did not answer"),
    "no connection for too long": _("no connection for too long"),
    "no network": _("no network"),
    "pairing timed out": _("nobody paired the phone in time"),
    "process ended": _("the process ended"),
    "process gone": _("the process was gone"),
    "process started again": _("the process started again"),
    "server stopping": _("the server was stopping"),
    "store corrupt": _("the stored pairing was damaged"),
    "stream replaced": _("the number was connected elsewhere"),
    "temporary ban": _("WhatsApp blocked the number for a while"),
    "too many devices": _("the phone has no room for another device"),
    "unknown receipt": _("WhatsApp sent something this version does not know"),
}

_RETURNS = _("Nothing to do: it connects again by itself.")
_REFUSED = _("WhatsApp refused the connection.")

# (state, reason) → sentence and remedy, where the reason says more than the state.
_SPECIAL: Mapping[tuple[State, str], tuple[Any, Any]] = {
    (State.STOPPED, "pairing timed out"): (
        _("Nobody paired the phone in time."),
        _("Press Connect for a new code, with the phone at hand."),
    ),
    (State.STOPPED, "cleaned up"): (
        _("This number was never paired and was put to rest."),
        _("Press Connect when the phone is at hand."),
    ),
    (State.STOPPED, "server stopping"): (_("The server is restarting."), _RETURNS),
    (State.RECONNECTING, "memory recycled"): (_("The connection is being renewed."), _RETURNS),
    (State.RECONNECTING, "process started again"): (_("The connection is being renewed."), _RETURNS),
    (State.LOGGED_OUT, "asked"): (
        _("This number was logged out here."),
        _("To use it again, press Connect and pair the phone."),
    ),
    (State.LOGGED_OUT, "store corrupt"): (
        _("The stored pairing was damaged and set aside."),
        _("Press Connect and pair the phone again. The conversations stay."),
    ),
    (State.LOGGED_OUT, "auth failure"): (
        _("WhatsApp did not accept the pairing any more."),
        _("Press Connect and pair the phone again. The conversations stay."),
    ),
    (State.FAILED, "auth failure"): (
        _REFUSED,
        _("Press Connect. If it fails again, remove this device on the phone and pair it anew."),
    ),
    (State.FAILED, "connect failure"): (
        _REFUSED,
        _("It is tried again every few minutes. If it lasts, check on the phone that the number is in order."),
    ),
    (State.FAILED, "too many devices"): (
        _("The phone has no room for another device."),
        _("On the phone: WhatsApp, Linked devices. Remove one you no longer use, then press Connect."),
    ),
    (State.FAILED, "unknown receipt"): (
        _("WhatsApp sent something this version does not know."),
        _("It is tried again every few minutes. If it lasts, ask whoever runs the server to update the system."),
    ),
    (State.FAILED, "disk full"): (
        _("The server's disk is full."),
        _("Ask whoever runs the server to make room. Nothing that arrived is lost."),
    ),
    (State.FAILED, "no network"): (
        _("The server does not reach WhatsApp."),
        _("It is tried again every few minutes. If it lasts, check the server's internet connection."),
    ),
}


def sentence(state: str, *, until: Any = None, reason: str = "") -> str:
    """The state in plain words."""
    special = _SPECIAL.get((State(state), _key(reason)))
    text = str(special[0] if special else _SENTENCES[State(state)])
    return text % {"until": until or "?"} if State(state) is State.TEMP_BANNED else text


def remedy(state: str, *, reason: str = "") -> str:
    """What a person can do about it; empty where nothing is needed."""
    special = _SPECIAL.get((State(state), _key(reason)))
    return str(special[1] if special else _REMEDIES.get(State(state), ""))


def reason_text(reason: str) -> str:
    """A recorded reason in the reader's language; what is not ours stands as it came."""
    words, mark, detail = reason.partition(" (")
    return f"{_REASONS.get(words, words)}{mark}{detail}"


def _key(reason: str) -> str:
    return reason.partition(" (")[0]
