"""What a session's process tells about itself with each renewal of its lease."""

import resource
from contextlib import suppress
from pathlib import Path

from whatsapp.drainer import Drainer
from whatsapp.incidents import pulse_noted
from whatsapp.intake import Intake

_MEGABYTE = 1024 * 1024


class Pulse:
    def __init__(self, *, session_id: int, token: str, intake: Intake, drainer: Drainer) -> None:
        self.session_id, self.token, self.intake, self.drainer = session_id, token, intake, drainer
        self.quarantined = 0

    def beat(self) -> int:
        """Write it down. Returns the memory in use, in MB."""
        heard, self.intake.heard = self.intake.heard, False
        ignored, memory = self.intake.ignored, memory_mb()
        quarantined = self.drainer.quarantined + self.drainer.spool.damaged
        pulse_noted(
            session_id=self.session_id,
            token=self.token,
            heard=heard,
            ignored=ignored,
            quarantined=quarantined - self.quarantined,
            memory_mb=memory,
            spool_waiting_since=self.drainer.waiting_since,
        )
        self.intake.forget_ignored(ignored)
        self.quarantined = quarantined
        return memory


def memory_mb() -> int:
    """What the process holds in memory now; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // _MEGABYTE
    return 0
