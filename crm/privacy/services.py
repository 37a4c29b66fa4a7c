"""Erasing a person: all rows in one transaction, then the files and whatever lies outside of the database."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from crm.core import privacy
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid
from crm.core.facts import publish
from crm.core.privacy import Subject, word_patterns
from crm.core.text import clean_line
from crm.core.work import service
from crm.privacy.events import SubjectErased
from crm.privacy.locks import Moved, keys_of, subject_lock
from crm.privacy.models import Erasure, ErasureState
from crm.privacy.sealing import seal, unseal
from crm.privacy.subjects import root_of
from crm.privacy.subjects import subject_of as subject_of
from leads.actors import Actor
from leads.models import Interaction, InteractionKind, Lead
from leads.realtime import publish_page

log = structlog.get_logger(__name__)

REASON = 300
_TRIES = 3


def subject_erase(
    *, lead_id: int, actor: Actor, reason: str, wanted: Callable[[Subject], bool] = lambda subject: True
) -> Erasure:
    """Forget the person behind a lead; twice is once. `wanted` is asked once nothing of them can change any more.

    Raises Invalid (a reason that names them), NotFound, and Conflict where they are not wanted to be forgotten or
    change faster than they can be locked.
    """
    for _attempt in range(_TRIES):
        try:
            return _erase(lead_id=lead_id, actor=actor, reason=clean_line(reason, limit=REASON), wanted=wanted)
        except Moved:
            continue
    raise Conflict(_("This client is changing right now. Try again in a moment."), code="busy")


@service
def _erase(*, lead_id: int, actor: Actor, reason: str, wanted: Callable[[Subject], bool]) -> Erasure:
    root_id, subject = root_of(lead_id), subject_of(lead_id)
    subject_lock(subject)
    if known := Erasure.objects.filter(lead_id=root_id).first():
        return known
    locked, subject = subject, subject_of(lead_id)  # as it is now that nobody else can change it
    if root_of(lead_id) != root_id or keys_of(subject) != keys_of(locked):
        raise Moved
    if not wanted(subject):
        raise Conflict(_("This client is not to be erased any more."), code="not_wanted")
    if actor.user is not None:  # the rules' own sentence names nobody
        reason_check(reason, subject)
    found = privacy.erase(subject)
    files = {path for name, paths in found.items() if name.endswith("_files") for path in paths}
    counts = {name: len(value) if isinstance(value, list) else value for name, value in found.items()}
    erasure = Erasure.objects.create(
        lead_id=root_id, requester=actor.user, reason=reason, counts=counts, leftovers=seal(_left(subject, files))
    )
    root = Lead.objects.get(pk=root_id)
    Interaction.objects.create(
        lead=root, kind=InteractionKind.ERASED, actor_kind=actor.kind, actor=actor.user, data={"erasure": erasure.pk}
    )
    publish_page(root)
    publish(SubjectErased(erasure_id=erasure.pk, lead_id=root_id))
    log.info("subject_erased", erasure=erasure.pk, lead=root_id, **counts)
    return erasure


def reason_check(reason: str, subject: Subject) -> None:
    """The record of an erasure must not be what remains of the person. Raises Invalid."""
    first = [name.split()[0] for name in subject.names]
    words = word_patterns(word for word in (*subject.words, *first) if len(word) > 2)
    numbered = any(digits in re.sub(r"\D", "", reason) for digits in subject.digits)
    if numbered or any(re.search(word, reason, re.IGNORECASE) for word in words):
        text = _("Leave names and numbers out of the reason: it is kept.")
        raise Invalid(text, code="names_client", fields={"reason": text})


def _left(subject: Subject, files: Iterable[str]) -> str:
    return json.dumps({"subject": asdict(subject), "files": sorted(files)})


def erasures_unfinished() -> list[int]:
    return list(Erasure.objects.filter(state=ErasureState.CLEARING).order_by("pk").values_list("pk", flat=True))


def erasure_clear(*, erasure_id: int) -> bool:
    """Remove what lies outside of the database, and then the last we know of it. False if something could not be yet:
    call it again."""
    erasure = Erasure.objects.filter(pk=erasure_id, state=ErasureState.CLEARING).first()
    if erasure is None:
        return True
    try:
        left = json.loads(unseal(erasure.leftovers))
        subject = Subject(**{name: tuple(values) for name, values in left["subject"].items()})
        for path in left["files"]:
            default_storage.delete(path)
        cleared = privacy.clear(subject)
    except Exception as error:  # each storage has errors of its own; the sweeper comes back
        log.warning("erasure_unfinished", erasure=erasure_id, error=type(error).__name__)
        return False
    _finish(erasure_id=erasure_id, cleared=cleared)
    return True


@service
def _finish(*, erasure_id: int, cleared: dict[str, Any]) -> None:
    erasure = Erasure.objects.select_for_update().get(pk=erasure_id)
    if erasure.state == ErasureState.CLEARING:
        erasure.counts = {**erasure.counts, **cleared}
        erasure.leftovers, erasure.state, erasure.finished_at = {}, ErasureState.DONE, now()
        erasure.save(update_fields=["counts", "leftovers", "state", "finished_at"])
