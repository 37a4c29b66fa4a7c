"""What the bell tells on the first visit."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from crm.accounts.models import User
from crm.demo.plan import Plan
from crm.realtime.models import Notification

_HANDED = gettext_noop("Lívia hands %(name)s to you")
_WROTE = gettext_noop("%(name)s wrote to you")
_NEW = gettext_noop("New lead: %(name)s")
_RECOVERED = gettext_noop("%(name)s is connected again")


def bells_make(plans: list[Plan], users: tuple[User, User, User], now: datetime) -> None:
    """Each consultant's latest, all read but Ana's newest message; Bruno heard of the number."""
    ana, caio, bruno = users
    rows = [note for user in (ana, caio) for note in _of_consultant(plans, user)]
    rows.append(_note(bruno, "session_recovered", _RECOVERED, {"name": "Lívia"}, "/whatsapp/", now, 20))
    rows.sort(key=lambda note: note.created_at)
    newest = [note for note in rows if note.user_id == ana.pk][-1]
    newest.read_at = None
    Notification.objects.bulk_create(rows)


def _of_consultant(plans: list[Plan], user: User) -> list[Notification]:
    notes = []
    for plan in plans:
        if plan.owner != user:
            continue
        data, lead_url = {"name": plan.lead.display_name}, f"/leads/{plan.lead.pk}/"
        if plan.with_livia and (at := plan.handed_over()):
            notes.append(_note(user, "lead_handed_over", _HANDED, data, lead_url, at))
        elif not plan.talk and plan.person.source == "form":
            notes.append(_note(user, "lead_assigned", _NEW, data, lead_url, plan.started))
        if plan.talk and plan.talk.unread and plan.conversation:
            url, first = f"/conversations/{plan.conversation.pk}/", plan.messages[-plan.talk.unread]
            notes.append(_note(user, "message", _WROTE, data, url, first.created_at))
    return sorted(notes, key=lambda note: note.created_at)[-4:]


def _note(
    user: User, kind: str, title: str, data: dict[str, str], url: str, at: datetime, hours_ago: float = 0
) -> Notification:
    at -= timedelta(hours=hours_ago)
    return Notification(
        user=user, kind=kind, title_id=title, data=data, url=url, created_at=at, read_at=at + timedelta(minutes=2)
    )
