"""What of an erased client goes from alerts: the words and values that name them."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop

from crm.core.privacy import Subject, erase, likes, likes_whole, word_patterns

_TOLD = gettext_noop("About a client who was erased since")
_ALERTS = """
UPDATE alerts_alert SET title_id = %s, body_id = '', data = '{}', note = ''
WHERE title_id <> %s AND data::text ILIKE ANY(%s)
"""
_NOTES = "UPDATE alerts_alert SET note = '' WHERE note ~* ANY(%s)"


@erase.plug
def alerts_erase(subject: Subject) -> dict[str, Any]:
    named = [*likes(subject.telling), *likes_whole(subject.alone)]
    with connection.cursor() as cursor:
        cursor.execute(_ALERTS, [_TOLD, _TOLD, named])
        alerts = cursor.rowcount
        cursor.execute(_NOTES, [word_patterns(subject.words)])
        return {"alerts": alerts, "alert_notes": cursor.rowcount}
