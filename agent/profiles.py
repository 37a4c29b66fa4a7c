"""What Lívia learns of the people who write: each inbound message is read once, and what it tells is kept, not said
again. A message's `sentiment` is None until it was read."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import groupby

import structlog
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from agent.brain.learning import ProfileData, keywords, learn, preferred_name, sentiment
from agent.brain.redaction import personal_data
from agent.models import ContactProfile, Dialogue, Relationship
from conversations.models import Author, Contact, Conversation, Message, MessageKind
from conversations.states import ASIDE
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.work import service
from leads.pipeline import Status

log = structlog.get_logger(__name__)

_BATCH = 500  # messages in one transaction
_RECENT = timedelta(days=1)  # threads quiet for longer are read when somebody writes there again
_SWEPT = 500  # contacts
_NAME = 80
_STYLE = ("average_length", "emoji_rate", "formality", "usual_sentiment", "days", "last_day")


@service
def profile_learn(*, contact_id: int, limit: int = _BATCH) -> bool:
    """Read what this person wrote in any thread and nobody has read yet, oldest first, at most `limit` messages. True
    if there may be more.

    Raises NotFound where the contact was joined with another meanwhile.
    """
    profile = _locked(contact_id)
    contact = profile.contact
    threads = list(contact.conversations.values_list("last_inbound_id", "lead__name", "lead__status", "lead__product"))
    messages = list(_unread(contact)[:limit])
    _read(profile, messages, (contact.name, contact.push_name, *(name for _last, name, *_more in threads)))
    more = len(messages) == limit
    if not more:
        profile.last_message_id = max(profile.last_message_id, *(last for last, *_more in threads), 0)
    _place(profile, contact, [(status, product) for _last, _name, status, product in threads])
    profile.save()
    return more


def _locked(contact_id: int) -> ContactProfile:
    """The contact before the profile, and both before the messages, as everybody who joins two people takes them."""
    profiles = ContactProfile.objects.select_for_update(of=("contact", "self"), no_key=True)
    known = profiles.select_related("contact").filter(contact=contact_id).first()
    if known is not None:
        return known
    contact = Contact.objects.select_for_update(no_key=True).filter(pk=contact_id).first()
    if contact is None:
        raise NotFound
    # Whoever waited for the contact finds the profile that was made meanwhile.
    return ContactProfile.objects.select_for_update(no_key=True).filter(contact=contact).first() or ContactProfile(
        contact=contact
    )


@service
def profiles_join(*, kept_id: int, gone_id: int) -> None:
    """One person, one profile: counts add up, habits weigh as much as they were seen, what a manager set stays."""
    both = list(ContactProfile.objects.filter(contact_id__in=[kept_id, gone_id]).order_by("-messages_read"))
    if not both:
        return
    (richer, *others), unset = both, ContactProfile()
    for other in others:
        _write(richer, data_of(richer).joined(data_of(other)))
        richer.last_message_id = max(richer.last_message_id, other.last_message_id)
        for name in ("relationship", "priority", "preferred_name"):
            if getattr(richer, name) == getattr(unset, name):
                setattr(richer, name, getattr(other, name))
        other.delete()
    richer.contact_id = kept_id
    richer.save()


@service
def profiles_of_won_lead(*, lead_id: int) -> None:
    """Who has closed a deal is a client; a partner stays one."""
    profiles = ContactProfile.objects.filter(contact__conversations__lead=lead_id)
    ids = list(profiles.values_list("pk", flat=True))
    ContactProfile.objects.filter(pk__in=ids, relationship__in=_EARLIER).update(relationship=Relationship.CLIENT)


_EARLIER = (Relationship.NEW, Relationship.PROSPECT)


def profiles_catch_up() -> int:
    """Read what was written lately and not read yet: on consultants' numbers, or where a turn's own reading failed.
    How many people were read of."""
    behind = contacts_behind()
    for contact_id in behind:
        try:
            with suppress(NotFound):
                while profile_learn(contact_id=contact_id):
                    pass
        except Exception as error:  # one that fails does not hold up the others
            log.exception("profile_not_learned", contact=contact_id, error=type(error).__name__)
    return len(behind)


def contacts_behind() -> list[int]:
    """People who wrote lately and were not read since."""
    threads = Conversation.objects.filter(last_message_at__gt=now() - _RECENT).order_by()
    threads = threads.annotate(read=Coalesce("contact__profile__last_message_id", 0))
    unread = threads.filter(last_inbound_id__gt=F("read"))
    return list(unread.values_list("contact_id", flat=True).distinct()[:_SWEPT])


def data_of(profile: ContactProfile) -> ProfileData:
    kept = {name: profile.style[name] for name in _STYLE if name in profile.style}
    return ProfileData(
        messages=profile.messages_read,
        sentiment=profile.sentiment,
        topics=profile.topics,
        transitions=profile.transitions,
        last_topic=profile.last_topic,
        **kept,
    )


def _write(profile: ContactProfile, data: ProfileData) -> None:
    profile.messages_read = data.messages
    profile.sentiment, profile.sentiment_trend = data.sentiment, data.trend
    profile.topics, profile.transitions = dict(data.topics), dict(data.transitions)
    profile.last_topic = data.last_topic
    profile.style = {name: getattr(data, name) for name in _STYLE}
    profile.style |= {"length": data.length, "engagement": data.engagement}


def _unread(contact: Contact) -> QuerySet[Message]:
    """A voice message is read once it is in words, one taken back never."""
    rows = Message.objects.filter(conversation__contact=contact, author=Author.CLIENT, sentiment=None, revoked_at=None)
    rows = rows.exclude(kind__in=[*ASIDE, MessageKind.PENDING]).exclude(text="", transcript="")
    return rows.only("text", "transcript", "sent_at").order_by("pk")


def _read(profile: ContactProfile, messages: list[Message], names: tuple[str, ...]) -> None:
    data = data_of(profile)
    for day, of_day in groupby(messages, lambda message: timezone.localtime(message.sent_at).date().isoformat()):
        for message in of_day:
            message.sentiment, message.keywords = sentiment(message.words), keywords(message.words, names)
            data = learn(data, [message.words], day=day)
            if wanted := preferred_name(message.words)[:_NAME]:
                profile.preferred_name = wanted
    if messages:
        _mark(messages)
        _write(profile, data)


def _mark(messages: list[Message]) -> None:
    found = [{"id": message.pk, "sentiment": message.sentiment, "keywords": message.keywords} for message in messages]
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [json.dumps(found)])


_MARK = """
UPDATE conversations_message AS message SET sentiment = found.sentiment, keywords = found.keywords
FROM jsonb_to_recordset(%s::jsonb) AS found(id bigint, sentiment float8, keywords jsonb)
WHERE message.id = found.id
"""


def _place(profile: ContactProfile, contact: Contact, leads: list[tuple[str, str]]) -> None:
    """Who they are to the firm, and how they are called, as far as facts tell and nobody said otherwise. `leads` are
    (status, product)."""
    if profile.relationship in _EARLIER:
        if any(status == Status.WON for status, _product in leads):
            profile.relationship = Relationship.CLIENT
        elif profile.relationship == Relationship.NEW and any(product for _status, product in leads):
            profile.relationship = Relationship.PROSPECT
    if not profile.preferred_name:
        profile.preferred_name = next(_first_names(contact), "")


def _first_names(contact: Contact) -> Iterator[str]:
    """As told in a dialogue."""
    said = Dialogue.objects.filter(conversation__contact=contact).order_by("-updated_at")
    for slots in said.values_list("slots", flat=True):
        name = str(slots.get("name") or "").split()
        if name and not personal_data(name[0]):
            yield name[0][:_NAME]
