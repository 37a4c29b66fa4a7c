"""Rows a second of a list of leads, checked, imported and undone, beside COPY of the same rows.

The product: a CSV file goes through the services a worker calls: unpacked and cleaned, compared with the leads there
are, classified, given out in turn, written with its history and with what became of each row, then taken back. The
floor: COPY of exactly the rows the product left in leads_lead, indexes and triggers in place.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable

from bench import ground, machine, report

ROWS = 100_000
ROUNDS = 3
CONSULTANTS = 10
INTRO = (
    "A CSV file of {rows:,} rows and 7 columns ({size:.1f} MB), {consultants} consultants in the rotation. The "
    "product: what a worker does, in one process. The dry run reads, cleans and compares with the leads there are. The "
    "import cleans again, classifies, holds each phone by its lock, gives out in turn and writes lead, history, "
    "judgement and row, {size_of_batch} rows a transaction. The undoing looks for traces of work on each lead, then "
    "deletes it. The floor: COPY of the leads the product made into the same table, indexes and triggers in place. "
    "After each import: none lost, no consultant more than one lead ahead. The longest that anybody else waited for "
    "the rotation while an import ran: {wait:.0f} ms."
)


def consultants_hire() -> int:
    from crm.accounts.models import Role, User
    from leads.models import Consultant

    for number in range(CONSULTANTS):
        user = User.objects.create_user(f"consultant{number}@example.com", name=f"Consultora {number}")
        Consultant.objects.create(user=user)
    return User.objects.create_user("manager@example.com", name="Bruno", role=Role.MANAGER).pk


def list_of(rows: int) -> bytes:
    lines = ["Nome;Telefone;E-mail;Cidade;UF;Produto;Valor do crédito"]
    lines += [
        f"Maria Souza {n};(11) 9{n // 10_000 + 6000:04}-{n % 10_000:04};maria{n}@example.com;Campinas;SP;Home equity;"
        f"{n % 900 + 100}.000,00"
        for n in range(rows)
    ]
    return "\n".join(lines).encode("latin-1")


def timed(act: Callable[[], object]) -> float:
    start = time.monotonic()
    act()
    return time.monotonic() - start


class Round:
    """One file through the product, and its leads through COPY."""

    def __init__(self, creator_id: int, content: bytes, rows: int) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        from leads.imports.services import import_start

        self.rows = rows
        self.batch = import_start(creator_id=creator_id, upload=SimpleUploadedFile("lista.csv", content))

    def check(self) -> float:
        from leads.imports import checking
        from leads.imports.services import import_map

        import_map(import_id=self.batch.pk, mapping=self.batch.mapping)
        return self.rows / timed(lambda: checking.check(self.batch.pk))

    def run(self) -> float:
        from leads.imports import running
        from leads.imports.services import import_run
        from leads.models import Lead

        import_run(import_id=self.batch.pk, options={})
        pace = self.rows / timed(lambda: running.run(self.batch.pk))
        owners = Counter(Lead.objects.values_list("consultant_id", flat=True))
        assert owners.total() == self.rows, f"{self.rows - owners.total()} leads are lost"
        assert len(owners) == CONSULTANTS and max(owners.values()) - min(owners.values()) <= 1, owners
        return pace

    def undo(self) -> float:
        from leads.imports import undoing
        from leads.imports.services import import_undo
        from leads.models import Lead

        import_undo(import_id=self.batch.pk)
        pace = self.rows / timed(lambda: undoing.undo(self.batch.pk))
        assert not Lead.objects.exists()
        return pace


def rows_out() -> bytes:
    """The leads as COPY writes them."""
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(f"COPY leads_lead ({columns()}) TO STDOUT") as out:
        return b"".join(bytes(part) for part in out)


def columns() -> str:
    from leads.models import Lead

    return ", ".join(f.column for f in Lead._meta.concrete_fields if f.column != "search_text")


def copy_in(content: bytes) -> None:
    from django.db import connection, transaction

    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY leads_lead ({columns()}) FROM STDIN") as into,
    ):
        into.write(content)


def clear() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM leads_lead")
        cursor.execute("TRUNCATE leads_boarddelta")
    connection.close()


class Waits:
    """Somebody who takes the rotation's lock again and again while an import runs, and how long each wait was."""

    def __init__(self) -> None:
        import threading

        self.longest, self._stop = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Waits":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        from django.db import connection, transaction

        from crm.core.locks import lock_then

        while not self._stop.wait(0.2):
            start = time.monotonic()
            with transaction.atomic():
                lock_then("rotation", "SELECT 1")
            self.longest = max(self.longest, time.monotonic() - start)
        connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Rows a second of an import, beside COPY.")
    parser.add_argument("rows", nargs="?", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    where, content = machine.describe(), list_of(options.rows)
    table = {name: report.Measured(name) for name in ("dry run", "import", "undoing")}
    longest = 0.0
    with ground.servers(**{**ground.PRODUCTION, "DEBUG": "1"}) as base:  # no page is asked for: no static files
        from django.conf import settings

        from leads.imports.running import SIZE

        settings.DEBUG, settings.MEDIA_ROOT = False, base / "media"
        creator_id = consultants_hire()
        for number in range(options.rounds):
            turn = Round(creator_id, content, options.rows)
            checked = turn.check()
            with Waits() as waits:
                ran = turn.run()
            longest = max(longest, waits.longest)
            copied = rows_out()
            undone = turn.undo()
            floor = options.rows / timed(lambda copied=copied: copy_in(copied))
            clear()
            print(f"{number}: {checked:.0f} {ran:.0f} {undone:.0f}; COPY {floor:.0f}", flush=True)
            for row, pace in zip(table.values(), (checked, ran, undone), strict=True):
                row.product.append(pace)
                row.floor.append(floor)
    intro = INTRO.format(
        rows=options.rows, size=len(content) / 1e6, consultants=CONSULTANTS, size_of_batch=SIZE, wait=longest * 1000
    )
    report.write(
        "leads_import",
        title="Importing leads",
        intro=intro,
        unit="rows a second",
        rows=list(table.values()),
        where=where,
    )


if __name__ == "__main__":
    main()
