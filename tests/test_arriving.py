"""A web process that is starting takes nobody in before it can answer."""

import http.client
import os
import socket
import sys
from pathlib import Path

from stack.places import ROOT
from stack.process import spawn
from stack.valkey import free_port
from tests.realtime.waiting import eventually

APP = """
print("reading", flush=True)
open({go!r}).read()
from crm.wsgi import application as pages

def application(environ, start):
    start("200 OK", [])
    return [b"here"]
"""


def is_refused(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) != 0


def ask(port: int) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", "/")
    return line.getresponse().read()


def test_the_door_of_a_web_container_opens_when_its_pages_are_loaded(tmp_path: Path) -> None:
    port, go, log = free_port(), tmp_path / "go", tmp_path / "log"
    os.mkfifo(go)
    (tmp_path / "slow.py").write_text(APP.format(go=str(go)))
    command = ["-m", "gunicorn", "--config=deploy/gunicorn.py", f"--bind=127.0.0.1:{port}", "slow:application"]
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}", "WEB_WORKERS": "1", "PULSE_SECONDS": "600"}
    with log.open("wb") as output:
        process = spawn([sys.executable, *command], cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        eventually(lambda: "reading" in log.read_text(), seconds=60)
        assert is_refused(port)
        go.write_text("now")
        eventually(lambda: not is_refused(port), seconds=60)
        assert ask(port) == b"here"
    finally:
        process.kill()
        process.wait()
