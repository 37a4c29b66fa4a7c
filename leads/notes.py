"""Notes: what the team tells itself about a lead. The client never sees them."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Forbidden, NotFound
from crm.core.text import text_within
from crm.core.work import service
from leads.actors import Actor, person
from leads.mentions import mentioned, mentions_tell, names_of
from leads.models import InteractionKind, Lead, Note
from leads.realtime import publish_page
from leads.services import interaction_add, lead_lock

LIMIT = 4000
_TWICE = timedelta(seconds=5)
SHOWN = 200


def notes_of(lead: Lead) -> list[Note]:
    """The notes of a lead, pinned ones first; `names` are the spellings of whom they name."""
    notes = list(Note.objects.filter(lead=lead, removed_at=None).select_related("author", "lead")[:SHOWN])
    wanted = {user_id for note in notes for user_id in note.mentions}
    people = {one.pk: one for one in User.objects.filter(pk__in=wanted)} if wanted else {}
    for note in notes:
        named = [people[user_id] for user_id in note.mentions if user_id in people]
        note.names = names_of(named)  # type: ignore[attr-defined]  # for templates only
    return notes


def may_change(user: User | None, note: Note) -> bool:
    """Everybody their own, managers any."""
    return user is not None and (user.is_manager or note.author_id == user.pk)


@service
def note_add(*, lead_id: int, text: str, author: User) -> Note:
    """Write a note and tell those it names. Raises Invalid (nothing in it, too long)."""
    lead = lead_lock(lead_id)
    text = _clean(text)
    recent = lead.notes.filter(author=author, text=text, created_at__gte=now() - _TWICE, removed_at=None)
    if (known := recent.first()) is not None:
        return known  # sent twice
    named = mentioned(text, lead)
    note = Note.objects.create(lead=lead, author=author, text=text, mentions=[one.pk for one in named])
    _tell(note, author, named, "written")
    return note


@service
def note_edit(*, lead_id: int, note_id: int, text: str, actor: Actor) -> Note:
    """Write a note anew; only those it did not name before are told. Raises Invalid, Forbidden, NotFound."""
    note = _lock(lead_id, note_id, actor)
    text = _clean(text)
    if text == note.text:
        return note
    named = mentioned(text, note.lead)
    fresh = [one for one in named if one.pk not in note.mentions]
    note.text, note.mentions, note.edited_at = text, [one.pk for one in named], now()
    note.save(update_fields=["text", "mentions", "edited_at"])
    assert actor.user is not None
    _tell(note, actor.user, fresh, "edited")
    return note


@service
def note_pin(*, lead_id: int, note_id: int, pinned: bool, actor: Actor) -> Note:
    """Keep a note at the top, or no longer. Whoever sees the lead may."""
    note = _row(lead_id, note_id)
    if note.pinned != pinned:
        note.pinned = pinned
        note.save(update_fields=["pinned"])
        publish_page(note.lead)
    return note


@service
def note_remove(*, lead_id: int, note_id: int, actor: Actor) -> None:
    """Take a note away; its words go, the history says that there was one. Raises Forbidden, NotFound."""
    note = _lock(lead_id, note_id, actor)
    note.text, note.mentions, note.pinned, note.removed_at = "", [], False, now()
    note.save(update_fields=["text", "mentions", "pinned", "removed_at"])
    interaction_add(note.lead, InteractionKind.NOTED, actor, note=note.pk, what="removed")
    publish_page(note.lead)


def _tell(note: Note, by: User, named: list[User], what: str) -> None:
    lead = note.lead
    interaction_add(lead, InteractionKind.NOTED, person(by), note=note.pk, what=what)
    mentions_tell(named, by=by, lead=lead, url=f"/leads/{lead.pk}/?tab=notes#note-{note.pk}", once=f"note:{note.pk}")
    publish_page(lead)


def _lock(lead_id: int, note_id: int, actor: Actor) -> Note:
    note = _row(lead_id, note_id)
    if not may_change(actor.user, note):
        raise Forbidden(_("Only its author or a manager may change a note."))
    return note


def _row(lead_id: int, note_id: int) -> Note:
    """Under its lead's lock."""
    lead = lead_lock(lead_id)
    note = Note.objects.select_related("author").filter(pk=note_id, lead=lead, removed_at=None).first()
    if note is None:
        raise NotFound
    note.lead = lead
    return note


def _clean(raw: str) -> str:
    too_long = _("A note holds at most 4,000 characters. Your text is still here: shorten it.")
    return text_within(raw, limit=LIMIT, empty=_("Write something first."), too_long=too_long)
