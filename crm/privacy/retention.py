"""How long things stay. What is older than its rule goes at night, in batches; the page shows what would go before a
rule is switched on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agent.models import Turn
from conversations.models import MediaState, Message
from crm.accounts.models import Access
from crm.core.clock import now
from crm.core.errors import DomainError, Invalid
from crm.core.privacy import Subject
from crm.core.work import service
from crm.privacy.models import RetentionKind, RetentionRule
from crm.privacy.services import subject_erase
from crm.realtime.models import Notification
from leads.actors import SYSTEM
from leads.models import Lead
from leads.pipeline import CLOSED, Status
from whatsapp.models import SetAside
from whatsapp.setaside import records_forget

log = structlog.get_logger(__name__)

DEFAULTS: dict[RetentionKind, tuple[int, bool]] = {
    RetentionKind.NOTIFICATIONS: (90, True),
    RetentionKind.ACCESSES: (730, True),
    RetentionKind.SET_ASIDE: (90, True),
    RetentionKind.TURN_OUTPUTS: (180, True),
    RetentionKind.CLOSED_MEDIA: (730, False),
    RetentionKind.LOST_LEADS: (730, False),
}
LEAST, MOST = 1, 3650
REASON = gettext_noop("Kept for as long as the retention rule says")

_BATCH = 500
_BATCHES = 200  # of one night
_FEWER = {RetentionKind.LOST_LEADS: 4}  # each of them is looked for in every table
_COUNTED = 10_000


@dataclass(frozen=True)
class Plan:
    """A rule as it stands. `due` is how many things it would remove now, one more than `most` standing for any number
    beyond it."""

    kind: RetentionKind
    days: int
    active: bool
    last_run_at: datetime | None
    last_count: int
    due: int
    most: int = _COUNTED

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def erases(self) -> bool:
        """Whether people go, and not only rows about them."""
        return self.kind == RetentionKind.LOST_LEADS


def plans() -> list[Plan]:
    known = {rule.kind: rule for rule in RetentionRule.objects.all()}
    return [_plan(kind, known.get(kind)) for kind in RetentionKind]


def _plan(kind: RetentionKind, row: RetentionRule | None) -> Plan:
    rule = row or RetentionRule(kind=kind, days=DEFAULTS[kind][0], active=DEFAULTS[kind][1])
    due = _WHICH[kind](_before(rule.days)).order_by()[: _COUNTED + 1].count()
    return Plan(kind, rule.days, rule.active, rule.last_run_at, rule.last_count, due)


def _before(days: int) -> datetime:
    return now() - timedelta(days=days)


@service
def retention_set(*, kind: str, days: int | None, active: bool) -> RetentionRule:
    """A manager decides how long something stays. Raises Invalid."""
    if kind not in RetentionKind.values:
        raise Invalid(_("There is no such rule."), code="unknown_rule")
    if days is None or not LEAST <= days <= MOST:
        text = _("Between 1 and 3,650 days.")
        raise Invalid(text, fields={"days": text})
    rule, _created = RetentionRule.objects.update_or_create(kind=kind, defaults={"days": days, "active": active})
    log.info("retention_set", kind=kind, days=days, active=active)
    return rule


# ---- what is due
def _notifications(before: datetime) -> QuerySet[Any]:
    return Notification.objects.filter(read_at__lt=before)


def _accesses(before: datetime) -> QuerySet[Any]:
    return Access.objects.filter(at__lt=before)


def _set_aside(before: datetime) -> QuerySet[Any]:
    return SetAside.objects.filter(created_at__lt=before)


def _turn_outputs(before: datetime) -> QuerySet[Any]:
    return Turn.objects.filter(created_at__lt=before).exclude(raw_output="")


def _closed_media(before: datetime) -> QuerySet[Any]:
    closed = Lead.objects.filter(status__in=CLOSED, status_changed_at__lt=before, merged_into=None)
    return Message.objects.filter(conversation__lead__in=closed, media_state=MediaState.STORED, created_at__lt=before)


def _lost_leads(before: datetime) -> QuerySet[Any]:
    lost = Lead.objects.filter(status=Status.LOST, status_changed_at__lt=before, merged_into=None, erased_at=None)
    return lost.filter(Q(last_message_at=None) | Q(last_message_at__lt=before))


_WHICH: dict[str, Callable[[datetime], QuerySet[Any]]] = {
    RetentionKind.NOTIFICATIONS: _notifications,
    RetentionKind.ACCESSES: _accesses,
    RetentionKind.SET_ASIDE: _set_aside,
    RetentionKind.TURN_OUTPUTS: _turn_outputs,
    RetentionKind.CLOSED_MEDIA: _closed_media,
    RetentionKind.LOST_LEADS: _lost_leads,
}


# ---- removing it
def retention_run() -> dict[str, int]:
    """Remove what is due by every active rule; how many of each. What does not fit into one night is the next one's."""
    counts = {}
    for plan in [rule for rule in _rules() if rule.active]:
        try:
            counts[plan.kind] = _remove(RetentionKind(plan.kind), _before(plan.days))
        except Exception as error:  # one rule that fails does not keep the others from their work
            log.exception("retention_failed", kind=plan.kind, error=type(error).__name__)
            continue
        done = {"last_run_at": now(), "last_count": counts[plan.kind]}
        new = {"days": plan.days, "active": plan.active, **done}
        RetentionRule.objects.update_or_create(
            kind=plan.kind, defaults=done, create_defaults={"kind": plan.kind, **new}
        )
    log.info("retention_run", **counts)
    return counts


def _rules() -> list[RetentionRule]:
    known = {rule.kind: rule for rule in RetentionRule.objects.all()}
    return [known.get(kind) or RetentionRule(kind=kind, days=days, active=on) for kind, (days, on) in DEFAULTS.items()]


def _remove(kind: RetentionKind, before: datetime) -> int:
    total, after = 0, 0
    for _turn in range(_FEWER.get(kind, _BATCHES)):
        keys = list(_WHICH[kind](before).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_BATCH])
        if not keys:
            break
        total, after = total + _REMOVERS.get(kind, _delete)(kind, keys, before), keys[-1]
    return total


def _delete(kind: RetentionKind, keys: list[int], before: datetime) -> int:
    """Asked for once more, so that what was changed since stays."""
    rows = _WHICH[kind](before).filter(pk__in=keys)
    return rows.delete()[0]


def _drop_set_aside(kind: RetentionKind, keys: list[int], before: datetime) -> int:
    return records_forget(keys)


def _empty_outputs(kind: RetentionKind, keys: list[int], before: datetime) -> int:
    return Turn.objects.filter(pk__in=keys).update(raw_output="")


def _drop_media(kind: RetentionKind, keys: list[int], before: datetime) -> int:
    """The row says that there was a file, and that it is gone; the bytes go after the commit."""
    with transaction.atomic():
        messages = list(Message.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        paths = [path for message in messages for path in _paths(message.media)]
        for message in messages:
            message.media = {name: value for name, value in (message.media or {}).items() if name not in _FILES}
            message.media_state, message.revision = MediaState.GONE, F("revision") + 1
        Message.objects.bulk_update(messages, ["media", "media_state", "revision"])
        transaction.on_commit(lambda: _unlink(paths), robust=True)
    return len(messages)


_FILES = ("path", "small")


def _paths(media: Any) -> Iterable[str]:
    facts = media if isinstance(media, dict) else {}
    return [facts[name] for name in _FILES if isinstance(facts.get(name), str)]


def _unlink(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)


def _erase_leads(kind: RetentionKind, keys: list[int], before: datetime) -> int:
    gone = 0
    for lead_id in keys:
        if not _lost_leads(before).filter(pk=lead_id).exists():
            continue  # went with another lead of the same person, or came back meanwhile
        try:
            subject_erase(lead_id=lead_id, actor=SYSTEM, reason=REASON, wanted=lambda person: _all_lost(person, before))
            gone += 1
        except DomainError as error:
            log.warning("lead_not_erased", lead=lead_id, error=error.code)
    return gone


def _all_lost(person: Subject, before: datetime) -> bool:
    """Whether nothing of theirs is alive: neither another lead, nor one that came back meanwhile."""
    leads = Lead.objects.filter(pk__in=person.lead_ids, merged_into=None, erased_at=None)
    return not leads.exclude(pk__in=_lost_leads(before).values("pk")).exists()


_REMOVERS: dict[str, Callable[[RetentionKind, list[int], datetime], int]] = {
    RetentionKind.SET_ASIDE: _drop_set_aside,
    RetentionKind.TURN_OUTPUTS: _empty_outputs,
    RetentionKind.CLOSED_MEDIA: _drop_media,
    RetentionKind.LOST_LEADS: _erase_leads,
}
