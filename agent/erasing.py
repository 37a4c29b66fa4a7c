"""What of an erased client goes from what Lívia learned, thought and said. Figures of her turns stay: when, which way,
how long, what it cost."""

from typing import Any

from django.db import connection

from agent.models import ContactProfile, Dialogue, FollowUp, FollowUpState, LeadClassification, Simulation
from crm.core.privacy import Subject, erase

# Which rule of the guard refused something stays; what it refused goes.
_TURNS = """
UPDATE agent_turn SET slots_before = '{}', slots_after = '{}', slot_sources = '{}', state_before = '{}', context = '{}',
    replies = '[]', validation_errors = '[]', rejected = '[]', figures = '[]', raw_output = '', prompt_hash = '',
    guard_hits = (SELECT coalesce(jsonb_agg(jsonb_build_object('code', hit -> 'code')), '[]')
                  FROM jsonb_array_elements(guard_hits) AS hit)
WHERE conversation_id = ANY(%s)
"""


@erase.plug
def agent_erase(subject: Subject) -> dict[str, Any]:
    """Call it with the threads and leads locked."""
    threads = list(subject.conversation_ids)
    with connection.cursor() as cursor:
        cursor.execute(_TURNS, [threads])
        turns = cursor.rowcount
    waiting = FollowUp.objects.filter(conversation__in=threads, state=FollowUpState.WAITING)
    waiting.update(state=FollowUpState.CANCELLED, reason="erased")
    judgements = LeadClassification.objects.filter(lead__in=subject.lead_ids)
    profiles = ContactProfile.objects.filter(contact__in=subject.contact_ids)
    return {
        "turns": turns,
        "dialogues": Dialogue.objects.filter(conversation__in=threads).update(slots={}, sources={}, state={}),
        "classifications": judgements.update(reasons=[]),
        "profiles": profiles.update(preferred_name="", style={}, topics={}, transitions={}, last_topic=""),
        "simulations_kept": Simulation.objects.filter(lead__in=subject.lead_ids).count(),
    }
