"""`manage.py whatsapp status`, `connect`, `disconnect`, `logout`, `pair` and `requeue`: what the page can do, for hosts
and scripts. An exit code of 0 means that it is so, 1 that it was refused or failed, 3 that the wait was in vain."""

import io
import time
from collections.abc import Callable
from typing import Any

import segno
from django.core.management.base import CommandError, CommandParser, OutputWrapper

from whatsapp import pairing
from whatsapp.models import Session
from whatsapp.selectors import sessions_all
from whatsapp.services import session_ask_code, session_connect, session_disconnect, session_logout, session_requeued
from whatsapp.spool import Spool, SpoolBusy
from whatsapp.states import LIVE, State
from whatsapp.words import reason_text, remedy, sentence

ACTIONS = ("status", "connect", "disconnect", "logout", "pair", "requeue")
IN_VAIN = 3
LOOK_SECONDS = 0.3
START_SECONDS = 60.0  # for a worker to take an unpaired session up and show its first code


def add_parsers(actions: Any) -> None:
    status = actions.add_parser("status", help="One line a session; with an ID, exit code 1 unless it is online.")
    status.add_argument("session_id", type=int, nargs="?", metavar="ID")
    for name, about in (
        ("connect", "Ask for the connection; the workers see to it."),
        ("disconnect", "Ask for its end. The pairing stays."),
        ("logout", "Have WhatsApp forget this device: it has to be paired again."),
    ):
        _waiting(actions.add_parser(name, help=about))
    pair: CommandParser = actions.add_parser("pair", help="Pair a phone: shows the QR code, or a code to type.")
    pair.add_argument("session_id", type=int, metavar="ID")
    pair.add_argument("--phone", help="pair by a code typed on this phone (+55…) instead of the QR code")
    requeue = actions.add_parser("requeue", help="Try quarantined messages again (disconnect the session first).")
    requeue.add_argument("session_id", type=int, metavar="ID")


def _waiting(parser: CommandParser) -> None:
    parser.add_argument("session_id", type=int, metavar="ID")
    parser.add_argument("--wait", type=float, nargs="?", const=60.0, metavar="SECONDS", help="until it is so")


def handle(action: str, options: dict[str, Any], stdout: OutputWrapper) -> None:
    if action == "status" and options["session_id"] is None:
        for session in sessions_all():
            stdout.write(_line(session))
        return
    session = _get(options["session_id"])
    if action in ("connect", "disconnect", "logout"):
        _ask(action, session, options["wait"], stdout)
    else:
        {"status": _status, "pair": _pair, "requeue": _requeue}[action](session, options, stdout)


def _get(session_id: int) -> Session:
    session = sessions_all().filter(pk=session_id).first()
    if session is None:
        raise CommandError(f"There is no session {session_id}.")
    return session


def _status(session: Session, options: dict[str, Any], stdout: OutputWrapper) -> None:
    stdout.write(_line(session))
    if session.state != State.ONLINE:
        raise CommandError(_told(session))


def _line(session: Session) -> str:
    facts = [
        f"{session.pk} {session}",
        session.gateway,
        session.state + (f" ({session.state_reason})" if session.state_reason else ""),
        session.phone or "no phone",
        "wanted" if session.wanted else "not wanted",
        f"failures {session.failures}",
        f"run by {session.lease_owner or 'nobody'}",
    ]
    return " | ".join(facts)


def _told(session: Session) -> str:
    """State and remedy, as the page says them."""
    reason = f" ({reason_text(session.state_reason)})" if session.state_reason else ""
    until = f"{session.state_until:%Y-%m-%d %H:%M} UTC" if session.state_until else None
    return (
        f"{session}: {sentence(session.state, until=until, reason=session.state_reason)}{reason} "
        f"{remedy(session.state, reason=session.state_reason)}"
    ).strip()


_ASKS: dict[str, tuple[Callable[..., None], str]] = {
    "connect": (session_connect, State.ONLINE),
    "disconnect": (session_disconnect, State.STOPPED),
    "logout": (session_logout, State.LOGGED_OUT),
}


def _ask(action: str, session: Session, wait: float | None, stdout: OutputWrapper) -> None:
    ask, aim = _ASKS[action]
    if session.state == aim and (action != "disconnect" or not session.wanted):
        stdout.write(_told(session))
        return
    ask(session_id=session.pk)
    if wait is not None:
        session = _wait(session, wait, lambda row: row.state == aim or (row.state not in LIVE and action == "connect"))
        if session.state != aim:
            raise CommandError(_told(session), returncode=1 if session.state not in LIVE else IN_VAIN)
    else:
        session.refresh_from_db()
    stdout.write(_told(session))


def _wait(session: Session, seconds: float, over: Callable[[Session], bool]) -> Session:
    """The session once `over` is true of it, or as it is when the time is up."""
    until = time.monotonic() + seconds
    while True:
        session.refresh_from_db()
        if over(session) or time.monotonic() > until:
            return session
        time.sleep(LOOK_SECONDS)


# ---- pairing
def _pair(session: Session, options: dict[str, Any], stdout: OutputWrapper) -> None:
    phone = options["phone"]
    if session.state == State.ONLINE or session.jid and session.state in (State.RECONNECTING, State.PAIRING):
        raise CommandError(f"{session} is paired already. Log it out first: manage.py whatsapp logout {session.pk}")
    if session.state not in LIVE:
        session_connect(session_id=session.pk)
    waiting = (State.AWAITING_QR, State.AWAITING_CODE)
    session = _wait(session, START_SECONDS, lambda row: row.state in waiting or row.state not in (*LIVE, *waiting))
    if session.state == State.STARTING:
        raise CommandError("No worker took the session up. Is one running?", returncode=IN_VAIN)
    if phone and session.state in waiting:
        session_ask_code(session_id=session.pk, phone=phone)
    session = _show_codes(session, stdout)
    if session.state != State.ONLINE:
        raise CommandError(_told(session))
    stdout.write(_told(session))


def _show_codes(session: Session, stdout: OutputWrapper) -> Session:
    """Print each new code until the session is online or no longer tries."""
    shown = ""
    while session.state in LIVE and session.state != State.ONLINE:
        code = pairing.code_get(session.pk) if session.state == State.AWAITING_CODE else ""
        content = pairing.qr_get(session.pk) if session.state == State.AWAITING_QR else ""
        if (code or content) not in ("", shown):
            shown = code or content
            stdout.write(f"Type on the phone: {code}" if code else _terminal(content))
        time.sleep(LOOK_SECONDS)
        session.refresh_from_db()
    return session


def _terminal(content: str) -> str:
    """The QR code drawn with half blocks, light on dark and dark on light terminals alike."""
    out = io.StringIO()
    segno.make(content, error="l").terminal(out, compact=True, border=2)
    return out.getvalue() + "On the phone: WhatsApp, Linked devices, Link a device. Ctrl-C leaves."


# ---- messages set aside
def _requeue(session: Session, options: dict[str, Any], stdout: OutputWrapper) -> None:
    quarantine = session.folder / "quarantine"
    if not quarantine.exists():
        session_requeued(session_id=session.pk)
        damaged = sorted(path.name for path in session.folder.glob("spool.quarantine.*"))
        about = f"What was damaged stays in {session.folder}: {', '.join(damaged)}" if damaged else ""
        stdout.write(f"Nothing is in quarantine that could be tried again. {about}".strip())
        return
    try:
        with Spool(session.folder / "spool") as spool:
            records = quarantine.read_text().split()
            for record in records:
                spool.append(bytes.fromhex(record))
            quarantine.unlink()
    except SpoolBusy as error:
        raise CommandError("The session is running. Disconnect it first, then try again.") from error
    session_requeued(session_id=session.pk)
    stdout.write(f"{len(records)} messages will be tried again when the session connects.")
