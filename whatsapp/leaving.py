"""Which message is inside the call to WhatsApp at this moment, on disk: read after a crash.

The outbox knows which rows were taken. Only the one noted here may have left; the others merely showed "typing…"
and go out again. Sends are one at a time, so one number is enough. It belongs to this host's disk: a session store
restored from a backup must come without it, and then every taken row counts as perhaps sent.
"""

import os
from contextlib import suppress
from pathlib import Path

_WIDTH = 20


class Leaving:
    def __init__(self, path: Path) -> None:
        self.known = path.exists()
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self.at_start = self._read()

    def note(self, message_id: int) -> None:
        os.pwrite(self.fd, b"%0*d" % (_WIDTH, message_id), 0)

    def clear(self) -> None:
        """An old note does no harm: its row is settled by then."""
        with suppress(OSError):
            self.note(0)

    def _read(self) -> int:
        raw = os.pread(self.fd, _WIDTH, 0)
        return int(raw) if raw.isdigit() else 0
