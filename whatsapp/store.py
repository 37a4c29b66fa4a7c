"""The files in a session's folder that open its account, and those that hold messages."""

from pathlib import Path

from crm.core.clock import now

# Messages on their way lie in these: they outlive a pairing.
_MESSAGES = ("spool", "quarantine", "leaving")
_ASIDE = ("store.broken.", "replaced.")
# Marks beside a store: its owner closed it in order; it comes from a backup, and its keys are of another day.
SETTLED, RESTORED = "store.settled", "store.restored"


def credentials(folder: Path) -> list[Path]:
    """What the gateway keeps there: its store."""
    if not folder.is_dir():
        return []
    kept = tuple(f"{name}." for name in _MESSAGES) + _ASIDE
    return sorted(path for path in folder.iterdir() if path.name not in _MESSAGES and not path.name.startswith(kept))


def set_aside(folder: Path) -> Path:
    """Move a store nobody can read out of the way; it is kept for whoever wants to look into it."""
    aside = folder / f"store.broken.{now():%Y%m%d-%H%M%S}"
    aside.mkdir(mode=0o700, exist_ok=True)
    for path in credentials(folder):
        path.rename(aside / path.name)
    return aside
