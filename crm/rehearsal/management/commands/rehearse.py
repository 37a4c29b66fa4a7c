import logging
import os
import platform
import signal
import sys
import time
from argparse import SUPPRESS
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.rehearsal import table
from crm.rehearsal.faults import FAULTS, Scene
from crm.rehearsal.rehearsal import SHORT, Plan, Row, rehearse
from crm.rehearsal.stage import Stage
from crm.rehearsal.standin import StandIn
from stack import state

PASSED, FAILED, STOPPED = 0, 1, 130
NUMBERS = ("chats", "rate", "seconds", "patience")


class Command(BaseCommand):
    help = (
        "Break a product of its own in every way, under load, and count what was lost or answered twice. "
        "Development only; your data is not touched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--faults", default=",".join(FAULTS), help=f"of {', '.join(FAULTS)}")
        parser.add_argument("--chats", type=int, help="clients who talk at a time (200)")
        parser.add_argument("--rate", type=float, help="messages a second, all together (10)")
        parser.add_argument("--seconds", type=float, help="of load after each strike (60)")
        parser.add_argument("--patience", type=float, help="seconds until all must be settled (120)")
        parser.add_argument("--short", action="store_true", help="one way of each fault, a few seconds each")
        parser.add_argument("--markdown", type=Path, help="also write the table to this file")
        parser.add_argument("--keep", action="store_true", help="leave the folder, with the logs")
        parser.add_argument("--stage", help=SUPPRESS)  # said by the command to itself, on its own product

    def handle(self, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("A rehearsal is for development: it needs DEBUG=1.")
        names = options["faults"].split(",")
        if unknown := [name for name in names if name not in FAULTS]:
            raise CommandError(f"There is no fault {', '.join(unknown)}; there are {', '.join(FAULTS)}.")
        try:
            code = self._play(names, options) if options["stage"] else self._set_up(options)
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            code = STOPPED
        sys.exit(code)

    def _set_up(self, options: dict[str, Any]) -> int:
        """The same command once more, on the stage's own servers."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up then, too
        self._say("Starting a product to break …")
        with Stage(keep=options["keep"]) as stage:
            if options["keep"]:
                self._say(f"Its logs: {stage.folder / 'log'}")
            given = ["--faults", options["faults"], *(["--short"] if options["short"] else [])]
            for name in NUMBERS:
                given += [f"--{name}", str(options[name])] if options[name] is not None else []
            if options["markdown"]:
                given += ["--markdown", str(options["markdown"].resolve())]
            return stage.manage("rehearse", *given, "--stage", str(stage.folder))

    def _play(self, names: list[str], options: dict[str, Any]) -> int:
        note = state.read_note(Path(options["stage"]))
        if note is None:
            raise CommandError("The product to break is not running.")
        port = int(note["address"].rstrip("/").rpartition(":")[2])
        logging.disable(logging.WARNING)  # a connection that breaks is no news here
        groq, rows = StandIn(settings.GROQ_BASE_URL), list[Row]()
        groq.start()
        try:
            for row in self._rows(options, names, Scene(note["pid"], groq), port):
                rows.append(row)
                if options["markdown"]:
                    options["markdown"].write_text(f"{_machine()}\n\n{table.markdown(rows)}")
        finally:  # also what is known so far
            groq.kill()
            self._say("\n" + table.plain(rows))
        return PASSED if all(row.passed for row in rows) else FAILED

    def _rows(self, options: dict[str, Any], names: list[str], scene: Scene, port: int) -> Iterator[Row]:
        given = {name: options[name] for name in NUMBERS if options[name] is not None}
        plan = replace(SHORT if options["short"] else Plan(), **given)
        ways = 1 if options["short"] else None
        faults = [fault for name in names for fault in FAULTS[name][:ways]]
        for row in rehearse(faults, plan, scene, port=port, tell=self._note):
            yield row
            self._note(f"{row.fault}: {'passed' if row.passed else 'FAILED'}")
            for finding in row.findings[:10]:
                self._note(f"  {finding}")

    def _note(self, text: str) -> None:
        self._say(f"{time.strftime('%H:%M:%S')}  {text}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
