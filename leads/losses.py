"""Why leads are lost, in the order and with the names managers set; the built-in ones until they set any."""

from leads.models import LossReason
from leads.pipeline import LostReason


def loss_choices() -> list[tuple[str, str]]:
    """Code and name of the reasons to choose from, in order."""
    rows = [row for row in LossReason.objects.all() if row.active]
    return [(row.code, loss_name(row.code, row.name)) for row in rows] or list(LostReason.choices)


def loss_labels() -> dict[str, str]:
    """The name of every reason a lead may ever have been lost for, also of one no longer in use."""
    names = dict(LostReason.choices)
    return names | {row.code: loss_name(row.code, row.name) for row in LossReason.objects.all()}


def loss_name(code: str, name: str) -> str:
    """What a manager calls it, else the product's own word for it, else its code."""
    return name or str(dict(LostReason.choices).get(code, code))
