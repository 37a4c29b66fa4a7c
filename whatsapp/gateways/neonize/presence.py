"""Being "online": WhatsApp shows our typing only then, and holds back the phone's own notifications meanwhile."""

import threading
from collections.abc import Callable

IDLE_SECONDS = 30.0


class Presence:
    """Online from the first typing until a while after the last."""

    def __init__(self, show: Callable[[bool], None]) -> None:
        self.show = show
        self.lock = threading.Lock()
        self.timer: threading.Timer | None = None

    def touch(self) -> None:
        with self.lock:
            away = self.timer is None
            if self.timer:
                self.timer.cancel()
            self.timer = threading.Timer(IDLE_SECONDS, self._idle)
            self.timer.daemon = True
            self.timer.start()
        if away:
            self.show(True)

    def _idle(self) -> None:
        with self.lock:
            self.timer = None
        self.show(False)

    def forget(self) -> None:
        """The line fell: WhatsApp has forgotten too."""
        with self.lock:
            if self.timer:
                self.timer.cancel()
            self.timer = None
