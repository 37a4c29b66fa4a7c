"""Two gateways with the far end of their lines in the test's hand: the simulator, and the real library against a
WhatsApp of our own."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

from tests.waloop.people import Contact, Phone
from tests.waloop.server import Loopback
from whatsapp.gateways import base
from whatsapp.gateways.base import DownloadFailed, Media, SendFailed
from whatsapp.gateways.simulator import SimulatorGateway
from whatsapp.simulator.network import Network
from whatsapp.tests.conftest import MARIA, eventually

OWN = "5511940028922"
ABSENT = "5511900000000"
LID = "77001122334455"


class Line:
    """What both have: the events a gateway reported, and waiting for them."""

    gateway: Any

    def __init__(self) -> None:
        self.events: list[base.Event] = []
        self.ended = threading.Event()
        self.dial_error = ""

    def hear(self, event: base.Event) -> None:
        self.events.append(event)

    def heard(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def wait(self, kind: type, number: int = 1) -> list[Any]:
        return eventually(lambda: len(self.heard(kind)) >= number and self.heard(kind), seconds=15, every=0.01)

    def pair(self) -> "Line":
        self.scan(self.wait(base.QrShown)[0].content)
        self.wait(base.Connected)
        return self

    def close(self) -> None:
        self.gateway.stop()
        assert self.ended.wait(15)

    def scan(self, qr: str) -> None:
        raise NotImplementedError


class SimulatorLine(Line):
    chat = f"{LID}@lid"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.network = folder, Network(990_001)
        self.network.forget()

    def open(self) -> "SimulatorLine":
        self.events.clear()
        self.ended.clear()
        self.gateway = SimulatorGateway(990_001, self.folder, self.hear)
        threading.Thread(target=self._connect, args=[self.gateway], daemon=True).start()
        return self

    def _connect(self, gateway: SimulatorGateway) -> None:
        try:
            gateway.connect()
        except base.DialFailed as error:
            self.dial_error = str(error)
        finally:
            self.ended.set()

    def forget_process(self) -> None:
        """The simulator lives in ours."""

    def forget(self) -> None:
        self.network.forget()

    def scan(self, qr: str) -> None:
        self.network.scan()

    def type_code(self, code: str) -> None:
        self.network.enter_code(code)

    def say(self, text: str, **more: Any) -> str:
        return self.network.say(*MARIA, text, lid=LID, **more)

    def say_own(self, text: str) -> str:
        return self.network.say_own_phone(MARIA[0], text)

    def send_image(self, content: bytes, caption: str) -> str:
        return self.say(caption, media=Media(content, "image", "image/jpeg", "conta.jpg"))

    def shown(self) -> list[tuple[bool, str, str]]:
        return [(row.mine, row.kind, row.text) for row in self.network.transcript(MARIA[0])]

    def signs(self, provider_id: str) -> list[str]:
        """What stands on a message as a reaction."""
        return next(row.reactions for row in self.network.transcript(MARIA[0]) if row.id == provider_id)

    def answered(self, text: str) -> str:
        """The message that one of ours, known by its text, quotes."""
        return next((row.quoted for row in self.network.transcript(MARIA[0]) if row.text == text), "")

    def typing_shown(self) -> bool:
        return self.network.is_typing(MARIA[0])

    def blue(self, provider_id: str) -> bool:
        return any(row.id == provider_id and row.tick == "read" for row in self.network.transcript(MARIA[0]))

    def read(self, provider_id: str) -> None:
        self.network.read(MARIA[0])

    def cut(self) -> None:
        self.network.drop()

    mend = property(lambda self: self.network.restore)
    refuse_sends = property(lambda self: self.network.refuse_sends)

    def be_away(self, number: str) -> None:
        self.network.set_absent(number)

    endings: dict[type, Callable[[Any], None]] = {
        base.LoggedOut: lambda self: self.network.logout(),
        base.Banned: lambda self: self.network.ban(3600),
        base.Outdated: lambda self: self.network.outdate(),
        base.Replaced: lambda self: self.network.conflict(),
    }


class WhatsAppLine(Line):
    """The real library in a process of its own."""

    chat = f"{LID}@lid"

    def __init__(self, folder: Path, loopback: Loopback) -> None:
        super().__init__()
        self.folder, self.loopback = folder, loopback
        self.phone, self.maria = Phone(OWN, "Lívia"), Contact(MARIA[0], MARIA[1], LID)
        loopback.meet(self.phone, self.maria)
        loopback.auto_receipts = ("delivery", "read")

    def open(self) -> "WhatsAppLine":
        self.events.clear()
        self.ended.clear()
        self.gateway = Remote(self.folder, self.loopback, self)
        return self

    def forget_process(self) -> None:
        self.gateway.kill()

    forget = forget_process

    def scan(self, qr: str) -> None:
        self.loopback.scan(qr, self.phone)

    def type_code(self, code: str) -> None:
        self.loopback.enter_code(self.phone, code)

    def say(self, text: str, **more: Any) -> str:
        return self.loopback.text(self.phone, self.maria, text, **more)

    def say_own(self, text: str) -> str:
        return self.loopback.from_phone(self.phone, self.maria, text)

    def send_image(self, content: bytes, caption: str) -> str:
        return self.loopback.image(self.phone, self.maria, content, caption)

    def shown(self) -> list[tuple[bool, str, str]]:
        return [(line.mine, line.kind, line.text) for line in self.loopback.transcript(self.maria)]

    def signs(self, provider_id: str) -> list[str]:
        made = [one for one in self.loopback.received if one.kind == "reaction" and one.target_id == provider_id]
        assert not any(one.message.reactionMessage.key.fromMe for one in made)
        return [one.text for one in made[-1:] if one.text]

    def answered(self, text: str) -> str:
        return next((one.quoted_id for one in self.loopback.received if one.text == text), "")

    def typing_shown(self) -> bool:
        return any(state == "composing" for _jid, state in self.loopback.chatstates)

    def blue(self, provider_id: str) -> bool:
        return any(receipt.type == "read" and provider_id in receipt.ids for receipt in self.loopback.client_receipts)

    def read(self, provider_id: str) -> None:
        self.loopback.receipt(self.phone, self.maria, provider_id, "read")

    def cut(self) -> None:
        self.loopback.refuse_upgrade(503)
        if self.loopback.connection_of(self.phone):
            self.loopback.drop(self.phone)

    mend = property(lambda self: self.loopback.welcome)
    refuse_sends = property(lambda self: self.loopback.refuse_messages)

    def be_away(self, number: str) -> None:
        """Nobody met them: they are not on WhatsApp."""

    def _sign_in_fails(self, reason: int, **more: int) -> None:
        self.loopback.fail_login(reason, **more)
        self.loopback.drop(self.phone)

    endings: dict[type, Callable[[Any], None]] = {
        base.LoggedOut: lambda self: self.loopback.remove_device(self.phone),
        base.Banned: lambda self: self._sign_in_fails(402, code=101, expire=3600),
        base.Outdated: lambda self: self._sign_in_fails(405),
        base.Replaced: lambda self: self.loopback.replace(self.phone),
    }


class Remote:
    """The gateway's calls, made in its process."""

    def __init__(self, folder: Path, loopback: Loopback, line: Line) -> None:
        address = str(folder / "socket")
        Path(address).unlink(missing_ok=True)
        listener = Listener(address, "AF_UNIX")
        argv = [sys.executable, "-m", "whatsapp.tests.gateway_process", address, "990001", str(folder)]
        self.process = subprocess.Popen(argv, env=loopback_environment(loopback))
        self.connection: Connection = listener.accept()
        listener.close()
        self.line, self.number = line, 0
        self.answers: dict[int, tuple[str, Any]] = {}
        self.calling = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while True:
                kind, *what = self.connection.recv()
                if kind == "event":
                    self.line.hear(what[0])
                elif kind == "ended":
                    self.line.dial_error = what[0] or ""
                    self.line.ended.set()
                else:
                    self.answers[what[0]] = (kind, what[1])
        except (EOFError, OSError):
            self.line.ended.set()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *arguments: self._call(name, arguments)

    def _call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        with self.calling:
            self.number += 1
            number = self.number
            self.connection.send((number, name, arguments))
        kind, value = eventually(
            lambda: self.answers.pop(number, None) or self._stopped_anyhow(name), seconds=15, every=0.002
        )
        if kind == "send_failed":
            raise SendFailed(value[0], value[1], left=value[2])
        if kind == "download_failed":
            raise DownloadFailed(value[0], gone=value[1])
        assert kind == "result", value
        return value

    def _stopped_anyhow(self, name: str) -> tuple[str, None] | None:
        """Now and then the library ends its whole process while it stops ("concurrent map writes"): it has stopped."""
        return ("result", None) if name == "stop" and self.process.poll() is not None else None

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.connection.close()


def loopback_environment(loopback: Loopback) -> dict[str, str]:
    return {**os.environ, **loopback.environment()}
