"""How fresh the figures are."""

from crm.analytics.models import Progress
from crm.analytics.shapes import Standing


def standing() -> Standing:
    progress = Progress.objects.filter(pk=1).first()
    if progress is None or progress.rebuilt_at is None:
        return Standing(as_of=None, rebuilding=progress is not None and progress.rebuilt_upto is not None)
    return Standing(as_of=progress.as_of, rebuilding=progress.rebuilt_upto is not None)
