"""What of an erased client goes from privacy's own rows, and from the admin's log."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Q

from crm.core.privacy import Subject, erase
from crm.privacy.models import Review, SubjectExport, SubjectExportState

_GONE = "–"


@erase.plug
def privacy_erase(subject: Subject) -> dict[str, Any]:
    exports = SubjectExport.objects.filter(lead__in=subject.lead_ids)
    paths = list(exports.exclude(path="").values_list("path", flat=True))
    exports.update(path="", error="", state=SubjectExportState.EXPIRED)
    return {
        "subject_exports": exports.count(),
        "subject_exports_files": paths,
        "reviews": Review.objects.filter(lead__in=subject.lead_ids).update(explanation=""),
        "admin_log": _admin_log(subject),
    }


def _admin_log(subject: Subject) -> int:
    """The admin writes down how the thing was called that somebody changed."""
    named = Q(pk=None)
    for word in subject.telling:
        named |= Q(object_repr__icontains=word) | Q(change_message__icontains=word)
    for name in subject.alone:
        named |= Q(object_repr__iexact=name)
    keys = {
        "lead": subject.lead_ids, "contact": subject.contact_ids,
        "conversation": subject.conversation_ids, "whatsappconversation": subject.conversation_ids,
    }  # fmt: skip
    for model, ids in keys.items():
        named |= Q(content_type__model=model, object_id__in=[str(pk) for pk in ids])
    return LogEntry.objects.filter(named).update(object_repr=_GONE, change_message="")
