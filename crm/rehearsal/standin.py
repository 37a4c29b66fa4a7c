"""The stand-in for Groq as a process that can be killed, stopped and told to fail."""

import json
import subprocess
import sys
from urllib.parse import urlsplit

import psutil

from stack.places import ROOT
from stack.process import spawn

THINKS_SECONDS = 0.3


class StandIn:
    """It serves at the address the product asks, from `start` to `kill`."""

    def __init__(self, url: str) -> None:
        self.port = urlsplit(url).port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, status: int = 200) -> None:
        """Talk like a model, or answer everything with that status. Returns when it listens."""
        fault = [] if status == 200 else ["--fault", json.dumps({"status": status})]
        self.process = spawn(
            [sys.executable, "-m", "agent.loopback", "--port", self.port, "--delay", THINKS_SECONDS, *fault],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        if not self.process.stdout.readline():
            raise RuntimeError("The stand-in for Groq did not start.")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()

    def freeze(self) -> None:
        """It takes connections and says nothing."""
        self._psutil().suspend()

    def thaw(self) -> None:
        self._psutil().resume()

    def _psutil(self) -> psutil.Process:
        assert self.process is not None
        return psutil.Process(self.process.pid)
