"""What the operating system says of this process and of its machine. In a container the processor's and the disk's
figures are the machine's; memory is the container's where it has a limit of its own (cgroup v2)."""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from django.conf import settings

_CGROUP = Path("/sys/fs/cgroup")
_MB = 1024 * 1024


@dataclass(frozen=True)
class Measured:
    """Of a process with its children since it was last measured, and of its machine. None: cannot be read."""

    memory_mb: float | None
    cpu_percent: float | None
    host_cpu_percent: float | None
    host_memory_percent: float | None
    disk_percent: float | None


class Meter:
    """Percentages are those since the last look; the first look therefore has none."""

    def __init__(self) -> None:
        self.own = psutil.Process()
        self.started_at = datetime.fromtimestamp(self.own.create_time(), UTC)
        self._family: dict[int, psutil.Process] = {}
        self._looked = False

    def measure(self) -> Measured:
        memory, cpu = self._of_family()
        host_cpu = psutil.cpu_percent()
        first, self._looked = not self._looked, True
        return Measured(
            memory_mb=round(memory / _MB, 1),
            cpu_percent=None if first else round(cpu, 1),
            host_cpu_percent=None if first else host_cpu,
            host_memory_percent=memory_percent(),
            disk_percent=disk_percent(),
        )

    def _of_family(self) -> tuple[int, float]:
        """Bytes and percent of one core. The same objects are asked again: each remembers when it was asked last."""
        found = {child.pid: child for child in [self.own, *self.own.children(recursive=True)]}
        self._family = {pid: self._family.get(pid, process) for pid, process in found.items()}
        memory, cpu = 0, 0.0
        for process in self._family.values():
            with suppress(psutil.Error):  # it ended just now
                memory += process.memory_info().rss
                cpu += process.cpu_percent()
        return memory, cpu


def memory_percent(root: Path = _CGROUP) -> float | None:
    limited = _limited(root)
    return limited if limited is not None else psutil.virtual_memory().percent


def _limited(root: Path) -> float | None:
    """Of the container's limit; what it only keeps from the disk can be given back, and does not count."""
    try:
        limit = (root / "memory.max").read_text().strip()
        if limit == "max" or int(limit) >= psutil.virtual_memory().total:
            return None
        held = dict(line.split() for line in (root / "memory.stat").read_text().splitlines())
        used = int((root / "memory.current").read_text()) - int(held.get("inactive_file", 0))
        return round(100 * used / int(limit), 1)
    except (OSError, ValueError):
        return None


def disk_percent() -> float | None:
    """The fullest of the disks that hold files and sessions, as far as this process sees them."""
    used = []
    for folder in (settings.MEDIA_ROOT, settings.WHATSAPP_SESSION_DIR):
        with suppress(OSError):
            used.append(psutil.disk_usage(str(_nearest(folder))).percent)
    return max(used, default=None)


def _nearest(folder: Path) -> Path:
    """The folder, or what there is above it: it may not have been made yet."""
    return next((place for place in (folder, *folder.parents) if os.path.lexists(place)), Path("/"))
