"""Each minute: measure, and compare with the limits."""

from crm.monitoring.absences import absences_watch
from crm.monitoring.measuring import sample_take
from crm.monitoring.thresholds import thresholds_watch


def minute_watch(*, stands_in: bool = False) -> None:
    """`stands_in`: as `sample_take` says."""
    sample = sample_take(stands_in=stands_in)
    if sample is not None:
        thresholds_watch(sample)
        absences_watch()
