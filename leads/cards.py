"""Cards as HTML, kept in the cache: a page takes them all with one request, and a push stores what it rendered.

A card is the same for everyone who may see the lead, so its key is what it shows: language, lead, revision and the time
it was written (a restored database may reuse a revision), the consultant's name, the marks of its column, and the
templates it is made by.
"""

from collections.abc import Iterable
from functools import cache as once
from zlib import crc32

from django.core.cache import cache
from django.db import transaction
from django.template.loader import get_template, render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from crm.core.templatetags.ui import epoch_ms
from leads.models import Lead

_TEMPLATES = ("leads/_card.html", "leads/_temperature.html")
_KEEP_SECONDS = 6 * 3600


def cards_html(leads: Iterable[Lead]) -> dict[int, SafeString]:
    """The cards of these leads by id, rendered if the cache does not have them. Call it outside transactions."""
    keys = {lead.pk: (_key(lead), lead) for lead in leads}
    kept = cache.get_many([key for key, _lead in keys.values()])
    made = {key: _rendered(lead) for key, lead in keys.values() if key not in kept}
    if made:
        cache.set_many(made, _KEEP_SECONDS)
    found = {**kept, **made}
    return {pk: mark_safe(found[key]) for pk, (key, _lead) in keys.items()}  # noqa: S308  (our own template made it)


def cards_joined(*columns: list[Lead]) -> list[SafeString]:
    """The cards of each column one after the other; all of them with one look into the cache."""
    html = cards_html(lead for column in columns for lead in column)
    return [mark_safe("".join(html[lead.pk] for lead in column)) for column in columns]  # noqa: S308


def card_render(lead: Lead) -> str:
    """The card anew, for a push; pages find it in the cache once the change is committed."""
    html, key = _rendered(lead), _key(lead)
    transaction.on_commit(lambda: cache.set(key, html, _KEEP_SECONDS), robust=True)
    return html


def _rendered(lead: Lead) -> str:
    return str(render_to_string("leads/_card.html", {"lead": lead}))  # plain text: a cache would lose the safe type


def _key(lead: Lead) -> str:
    owner = crc32(lead.consultant.name.encode()) if lead.consultant else 0
    marks = "-".join(map(str, lead.ageing))
    return f"card:{_look()}:{get_language()}:{lead.pk}:{lead.revision}:{epoch_ms(lead.updated_at)}:{owner}:{marks}"


def cards_pattern(lead_id: int) -> str:
    """What the keys of a lead's cards look like, of whatever language, revision and release."""
    return f"card:*:*:{lead_id}:*"


@once
def _look() -> int:
    """Changes with the templates, so that a new release shows none of the old one's cards."""
    sources = [get_template(name).template.source for name in _TEMPLATES]  # type: ignore[attr-defined]
    return crc32("".join([*sources, static("vendor/icons.svg")]).encode())
