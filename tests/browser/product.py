"""The whole product, started as a person starts it, in a data folder of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from subprocess import PIPE

from stack import places
from stack.valkey import free_port

# What the test run set for its own servers; the product must bring up its own.
FOREIGN = (
    "DATABASE_URL", "REDIS_URL", "REDIS_PREFIX", "SECRET_KEY", "MEDIA_ROOT", "WHATSAPP_SESSION_DIR",
    "CELERY_BEAT_SCHEDULE", "TEST_WORKER", "REDIS_BRIEF_SECONDS", "PRESSURE_QUEUE", "PORT",
)  # fmt: skip
# Lívia answers at once: a person's patience is not what these tests are about.
QUICK = {
    "BURST_WINDOW_SECONDS": "0.4",
    "TYPING_BASE_MS": "50",
    "TYPING_PER_CHAR_MS": "0",
    "TYPING_MAX_MS": "50",
    "WHATSAPP_SUPERVISE_SECONDS": "1",
    "WHATSAPP_SEND_PER_MINUTE": "60000",
    "WHATSAPP_SEND_BURST": "1000",
    "BOARD_PAGE_SIZE": "20",
    "LOGIN_FAILURE_LIMIT": "50",
    "HEALTH_SECONDS": "2",
    "PULSE_SECONDS": "5",
}


class Product:
    """Web, workers, WhatsApp's session child and both servers behind one address."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data, self.port = data, free_port()
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self.environment = kept | QUICK | settings | {"LIVIA_DATA": str(data)}
        self.process: subprocess.Popen[str] | None = None
        self.helper: subprocess.Popen[str] | None = None
        self.asking = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Return when the page answers. Raises RuntimeError with what it said if it does not come up."""
        self.process = self._stack("--port", str(self.port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = []
        for line in self.process.stdout or ():
            said.append(line)
            if "Ctrl-C" in line:
                return
        raise RuntimeError(f"the product did not start:\n{''.join(said)}")

    def stop(self) -> None:
        if self.helper is not None and self.helper.stdin:
            self.helper.stdin.close()
            self.helper.wait(timeout=20)
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.communicate(timeout=20)
        shutil.rmtree(places.outside(self.data), ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)

    def shell(self, code: str) -> str:
        """What this code prints in a process of its own: a change behind every page's back."""
        with self.asking:
            if self.helper is None or self.helper.poll() is not None:
                serve = "from tests.browser.behind import serve; serve()"
                self.helper = self._stack("manage", "shell", "-v", "0", "-c", serve, stdin=PIPE, stdout=PIPE)
            assert self.helper.stdin and self.helper.stdout
            self.helper.stdin.write(json.dumps(code) + "\n")
            self.helper.stdin.flush()
            answer = json.loads(self.helper.stdout.readline())
        assert not answer["error"], answer["error"]
        return answer["printed"].strip()

    def _stack(self, *arguments: str, **streams: int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "stack", *arguments],
            cwd=places.ROOT,
            env=self.environment,
            text=True,
            **{"stdin": subprocess.DEVNULL, **streams},  # type: ignore[call-overload]
        )
