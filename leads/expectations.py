"""How long a card may rest in each column before it is marked: what managers set, else leads.pipeline.AGEING.

Every card asks, so the answer is kept in the process: a change shows at once where it is made, and within
KEEP_SECONDS everywhere else.
"""

from time import monotonic
from typing import Any

from django.apps import apps
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from leads.pipeline import AGEING, Status

KEEP_SECONDS = 5
Marks = dict[Status, tuple[int, int]]
_kept: tuple[float, Marks] | None = None


def ageing() -> Marks:
    """Seconds in each column after which a card is marked amber and red; 0 is never."""
    global _kept
    kept = _kept  # another thread may forget it meanwhile
    if kept is None or monotonic() - kept[0] > KEEP_SECONDS:
        kept = _kept = monotonic(), _read()
    return kept[1]


def _read() -> Marks:
    # By name: the lead's own model asks here.
    rows = apps.get_model("leads", "StageExpectation")._default_manager.values_list(
        "status", "amber_hours", "red_hours"
    )
    set_ones = {status: (amber * 3600, red * 3600) for status, amber, red in rows}
    return {status: set_ones.get(status, built_in) for status, built_in in AGEING.items()}


def expectations_forget() -> None:
    """Have them read anew by whoever asks next in this process."""
    global _kept
    _kept = None


@receiver([post_save, post_delete], sender="leads.StageExpectation")
def _changed(**_kwargs: Any) -> None:
    expectations_forget()
