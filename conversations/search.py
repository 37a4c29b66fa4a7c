"""Searching names, phones and what was said, without accents and capitals, among the threads a person may see."""

import re
import unicodedata
from dataclasses import dataclass, field

from django.contrib.postgres.search import SearchQueryField, SearchVector
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from conversations.models import Conversation, Message, MessageKind
from conversations.selectors import conversations_visible_to
from crm.accounts.models import User
from crm.core.folding import Fold

THREADS = 20
MESSAGES = 30
IN_THREAD = 200
LATEST = 10_000  # messages read one by one before the index is asked
_LEAST_DIGITS = 4
_BEFORE, _AROUND = 40, 140

# The very expression of the index `message_search`; another one would read every message.
_SAID = SearchVector(Fold(Concat("text", Value(" "), "transcript", output_field=TextField())), config="simple")


class _Wanted(Func):
    """All words, the last one as far as it is typed. PostgreSQL parses and quotes them as it did the messages'; a text
    without a word is NULL and matches nothing."""

    template = "(NULLIF(plainto_tsquery('simple'::regconfig, crm_fold(%(expressions)s))::text, '') || ':*')::tsquery"
    output_field = SearchQueryField()


class _Matches(Func):
    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


@dataclass(frozen=True)
class Piece:
    text: str
    is_hit: bool = False


@dataclass(frozen=True)
class Found:
    threads: list[Conversation] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


def search(user: User, query: str) -> Found:
    """The newest threads by name or phone, and the newest messages with their `pieces`; archived ones too."""
    if not query:
        return Found()
    visible = conversations_visible_to(user)
    threads = visible.filter(named(query)).select_related("contact", "lead__consultant__user")
    newest = threads.exclude(last_message_at=None).order_by("-last_message_at", "-id").prefetch_related("labels")
    shown = _newest(matching(Message.objects.filter(conversation__in=visible), query))
    for message in shown:
        message.pieces = snippet(message.words, query)  # type: ignore[attr-defined]  # for templates only
    return Found(list(newest[:THREADS]), shown)


def _newest(hits: QuerySet[Message]) -> list[Message]:
    """Common words stand among the latest messages. All that hold a rarer one are listed by the index and sorted: asked
    for them in order, PostgreSQL would walk back through everything for a word nobody said."""
    whole = Message.objects.select_related("sender", "conversation__lead", "conversation__contact")
    last_id = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    found = list(hits.filter(pk__gt=last_id - LATEST).values_list("pk", flat=True)[:MESSAGES])
    if len(found) < MESSAGES:
        in_no_indexs_order = (F("pk") + 0).desc()
        found = list(hits.order_by(in_no_indexs_order).values_list("pk", flat=True)[:MESSAGES])
    return list(whole.filter(pk__in=found).order_by("-pk"))


def named(query: str) -> Q:
    named = Q(lead__search_text__contains=Fold(Value(query)))
    digits = re.sub(r"\D", "", query)
    if len(digits) < _LEAST_DIGITS:
        return named
    return named | Q(lead__search_text__contains=digits) | Q(contact__phone__contains=digits)


def messages_find(conversation: Conversation, query: str) -> list[int]:
    """The messages of one thread that hold the words, newest first."""
    return list(matching(conversation.messages.all(), query).values_list("pk", flat=True)[:IN_THREAD]) if query else []


def matching(messages: QuerySet[Message], query: str) -> QuerySet[Message]:
    """Those with all the words, newest first. Events say nothing, and reactions are no lines."""
    asides = [MessageKind.EVENT, MessageKind.REACTION]
    return messages.filter(_Matches(_SAID, _Wanted(Value(query)))).exclude(kind__in=asides).order_by("-pk")


def snippet(text: str, query: str) -> list[Piece]:
    """The stretch of a text around the first word that was looked for, in pieces, hits apart from the rest."""
    text = " ".join(text.replace("*", "").split())
    folded, places = _fold(text)
    words = [word for word in re.findall(r"\w+", _fold(query)[0]) if word]
    spans = (
        [(places[m.start()], places[m.end() - 1] + 1) for m in re.finditer(_pattern(words), folded)] if words else []
    )
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    end = start + _AROUND
    pieces, at = [Piece("…")] if start else [], start
    for first, last in [span for span in spans if span[1] <= end]:
        pieces += [Piece(text[at:first]), Piece(text[first:last], is_hit=True)]
        at = last
    return [piece for piece in [*pieces, Piece(text[at:end] + ("…" if end < len(text) else ""))] if piece.text]


def _pattern(words: list[str]) -> str:
    *whole, typed = [re.escape(word) for word in words]
    choices = "|".join([*(rf"{word}\b" for word in whole), rf"{typed}\w*"])
    return rf"\b(?:{choices})"


def _fold(text: str) -> tuple[str, list[int]]:
    """Without accents and capitals, and for each letter left the place it came from."""
    letters = [
        (letter, place)
        for place, character in enumerate(text)
        for letter in unicodedata.normalize("NFKD", character).lower()
        if not unicodedata.combining(letter)
    ]
    return "".join(letter for letter, _place in letters), [place for _letter, place in letters]
