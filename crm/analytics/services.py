"""Keeping the figures: brought up to date every minute, made anew every night."""

from collections.abc import Sequence
from datetime import date

from crm.analytics.gathering import forget_gone, gather
from crm.analytics.gathering_hours import hours_end_soon, hours_key, hours_write
from crm.analytics.gathering_totals import totals_write
from crm.analytics.models import Progress
from crm.analytics.refresh import changed, mark, progress_hold, progress_note, progress_wait
from crm.core.clock import now
from crm.core.work import service
from leads.models import Lead

BATCH = 2000  # leads


@service
def figures_refresh() -> bool:
    """Bring in what changed since the last time; False where somebody is at it, or all is made anew first."""
    progress = progress_hold()
    if progress is None or progress.rebuilt_upto is not None:
        return False
    if progress.rebuilt_at is None or _hours_changed(progress):
        _rebuild_begin(progress)
        return False
    upto = mark()
    totals_write(_gather_all(changed(progress)) | forget_gone())
    progress_note(progress, upto)
    return True


def figures_rebuild() -> int:
    """Make everything anew, a batch of leads at a time, so that readers and refreshes wait for one batch at most.

    One that stopped half-way is gone on with by `figures_go_on`. How many leads were written.
    """
    rebuild_begin()
    return figures_go_on()


def figures_go_on() -> int:
    """Finish a rebuild that is under way; how many leads were written."""
    written = 0
    while count := rebuild_batch():
        written += count
    return written


@service
def rebuild_begin() -> None:
    _rebuild_begin(progress_wait())


@service
def rebuild_batch() -> int:
    """Write the next leads of a rebuild; how many, none once it is finished. Two that rebuild share the work."""
    progress = progress_wait()
    if progress.rebuilt_upto is None:
        return 0
    rows = Lead.objects.filter(pk__gt=progress.rebuilt_upto, merged_into=None).order_by("pk")
    lead_ids = list(rows.values_list("pk", flat=True)[:BATCH])
    if lead_ids:
        gather(lead_ids)
        progress.rebuilt_upto = lead_ids[-1]
    else:
        forget_gone()
        totals_write()
        progress.rebuilt_upto, progress.rebuilt_at = None, now()
    progress.save()
    return len(lead_ids)


def _rebuild_begin(progress: Progress) -> None:
    """What happens from here on is for the refresh after it, whichever batch its lead is in."""
    hours_write()
    progress.hours_key = hours_key()
    progress.rebuilt_upto = 0
    progress_note(progress, mark())


def _hours_changed(progress: Progress) -> bool:
    if progress.hours_key != hours_key():
        return True
    if hours_end_soon():
        hours_write()  # the same hours, further ahead: what was measured by them stays
    return False


def _gather_all(lead_ids: Sequence[int]) -> set[date]:
    days: set[date] = set()
    for start in range(0, len(lead_ids), BATCH):
        days |= gather(lead_ids[start : start + BATCH])
    return days
