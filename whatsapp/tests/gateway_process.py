"""A NeonizeGateway in a process of its own, as the product runs it, spoken to over a socket.

python -m whatsapp.tests.gateway_process SOCKET SESSION_ID FOLDER
"""

import os
import sys
import threading
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any

from whatsapp.gateways.base import DialFailed, DownloadFailed, SendFailed


class Served:
    """Answers calls, each on a thread of its own, and passes on events."""

    def __init__(self, connection: Connection, session_id: int, folder: Path) -> None:
        from whatsapp.gateways.neonize.gateway import NeonizeGateway

        self.connection, self.writing = connection, threading.Lock()
        self.gateway = NeonizeGateway(session_id, folder, lambda event: self.say("event", event))

    def say(self, *what: Any) -> None:
        with self.writing:
            self.connection.send(what)

    def connect(self) -> None:
        try:
            self.gateway.connect()
            self.say("ended", None)
        except DialFailed as error:
            self.say("ended", str(error))

    def serve(self) -> None:
        threading.Thread(target=self.connect, daemon=True).start()
        while True:
            number, name, arguments = self.connection.recv()
            threading.Thread(target=self.answer, args=(number, name, arguments), daemon=True).start()

    def answer(self, number: int, name: str, arguments: tuple[Any, ...]) -> None:
        try:
            self.say("result", number, getattr(self.gateway, name)(*arguments))
        except SendFailed as error:
            self.say("send_failed", number, (error.code, error.detail, error.left))
        except DownloadFailed as error:
            self.say("download_failed", number, (str(error), error.gone))
        except Exception as error:  # the test shows it
            self.say("broke", number, repr(error))


def main() -> None:
    address, session_id, folder = sys.argv[1:]
    connection = Client(address, "AF_UNIX")
    try:
        Served(connection, int(session_id), Path(folder)).serve()
    except EOFError:
        os._exit(0)


if __name__ == "__main__":
    main()
