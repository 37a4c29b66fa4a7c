"""What the person at the terminal sees: short sentences of ours, and the warnings of the processes."""

import re
import sys
import threading
import time
from pathlib import Path
from typing import IO

ALARMING = re.compile(rb"\b(warning|error|critical|fatal|traceback|exception)\b|Error:", re.IGNORECASE)
LINE_LIMIT = 240  # characters shown of one line
BURST = 10  # lines shown of one process…
BURST_SECONDS = 10.0  # …in this time; the log holds them all
ROTATE_BYTES = 5_000_000


def say(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:  # the terminal is gone; the stop must still finish
        sys.stdout = sys.stderr


def open_log(path: Path) -> IO[bytes]:
    """Append to `path`; a long one from earlier starts moves aside once."""
    if path.exists() and path.stat().st_size > ROTATE_BYTES:
        path.rename(path.with_suffix(".log.1"))
    return path.open("ab", buffering=0)


class Relay(threading.Thread):
    """Copies a process's output into its log and shows the lines that look like trouble, a few at a time."""

    def __init__(self, name: str, stream: IO[bytes], log: Path) -> None:
        super().__init__(name=f"relay-{name}", daemon=True)
        self.label, self.stream, self.path = name, stream, log
        self.window, self.shown = 0.0, 0

    def run(self) -> None:
        with open_log(self.path) as log:
            for line in self.stream:
                log.write(line)
                if ALARMING.search(line):
                    self.show(line)

    def show(self, line: bytes) -> None:
        now = time.monotonic()
        if now - self.window > BURST_SECONDS:
            self.window, self.shown = now, 0
        self.shown += 1
        if self.shown <= BURST:
            say(f"{self.label:8} | {line.decode(errors='replace').rstrip()[:LINE_LIMIT]}")
        elif self.shown == BURST + 1:
            say(f"{self.label:8} | … more in {self.path}")
