"""Putting to rest a number that nobody paired: what pairing left on the disk and in Redis goes, the number stays.

Runs where the session folders are. What was received (spool, quarantine) is never touched.
"""

import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db.models import F, Q, QuerySet
from redis import RedisError

from crm.core.clock import now
from crm.core.work import service
from whatsapp import pairing, store
from whatsapp.lease import FREE, lease_release, lease_take
from whatsapp.models import Session
from whatsapp.rooms import publish_card
from whatsapp.services import session_lock, session_move
from whatsapp.spool import Spool, SpoolBusy
from whatsapp.states import State

log = structlog.get_logger(__name__)


def sessions_idle() -> QuerySet[Session]:
    """Sessions to clean up: idle, and run by nobody."""
    return Session.objects.filter(_idle(), FREE).order_by("pk")


def _idle() -> Q:
    """Never paired, tried but not lately, and not cleaned since."""
    before = now() - timedelta(seconds=settings.WHATSAPP_IDLE_SECONDS)
    since = Q(cleaned_at=None) | Q(cleaned_at__lt=F("state_changed_at")) | Q(cleaned_at__lt=F("last_attempt_at"))
    return since & Q(jid="", state_changed_at__lt=before, last_attempt_at__lt=before)


def clean(session_id: int) -> bool:
    """Clean one idle session up, under its lease so that nobody starts it meanwhile. False if it is not to be."""
    if not sessions_idle().filter(pk=session_id).exists():
        return False
    token = lease_take(session_id, "clean-up")
    if token is None:
        return False
    try:
        session = Session.objects.filter(_idle(), pk=session_id).first()
        if session is None:  # somebody ran it, and perhaps paired it, before the lease was ours
            return False
        _empty(session.folder)
        return session_clean(session_id=session_id, token=token) and _forget(session_id)
    except SpoolBusy:  # a process that lost its lease is still finishing
        return False
    except OSError as error:
        log.error("session_not_cleaned", session=session_id, error=str(error))
        return False
    finally:
        lease_release(session_id, token)


@service
def session_clean(*, session_id: int, token: str) -> bool:
    """Write down that an idle session was put to rest."""
    session = session_lock(session_id)
    if session.lease_token != token or not Session.objects.filter(_idle(), pk=session_id).exists():
        return False  # somebody pressed Connect meanwhile
    session.wanted = session.alarmed = False
    session.failures = 0
    session.save(update_fields=["wanted", "alarmed", "failures"])
    session_move(session_id=session_id, to=State.STOPPED, reason="cleaned up", token=token)
    Session.objects.filter(pk=session_id).update(cleanups_total=F("cleanups_total") + 1, cleaned_at=now())
    publish_card(session_id)
    return True


def _forget(session_id: int) -> bool:
    with suppress(RedisError):  # away: the secrets expire by themselves
        pairing.pairing_forget(session_id)
    return True


def folder_remove(session_id: int) -> None:
    """What a deleted session left on the disk goes. Should messages lie there, they stay for somebody to look at."""
    folder = Session(pk=session_id).folder
    if not folder.is_dir() or Session.objects.filter(pk=session_id).exists():
        return
    with suppress(SpoolBusy, OSError):
        _empty(folder)
        if not _holds_messages(folder):
            shutil.rmtree(folder)
            return
    log.error("session_folder_kept", session=session_id)


def _holds_messages(folder: Path) -> bool:
    with Spool(folder / "spool") as spool:
        return bool(spool.pending) or any(folder.glob("*quarantine*"))


def _empty(folder: Path) -> None:
    if not folder.is_dir():
        return
    with Spool(folder / "spool"):
        for path in store.credentials(folder):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
