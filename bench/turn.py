"""Lívia's own time: reading a message, and a whole turn without the model's and the typing's time.

The product: `turn_run`, from the call until it returns (the answer is committed, and so is what the client's words
taught of them), on threads whose clients say what the project's own evaluation dialogues say. The floor: one bare
round trip (`SELECT 1`) on a plain connection, taken after every turn. Reading is measured on the sentences of the
evaluation sets, beside one `str.lower` and `str.split` of them.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from itertools import count
from statistics import median, quantiles

import psycopg

from bench import ground, machine, report

TURNS = 1_000
_NUMBERS = count(1)


def burst_texts() -> Iterator[tuple[int, list[str]]]:
    """(client, messages of one burst), dialogue after dialogue, again and again."""
    from agent.tests.evaluation import load

    for client in count():
        dialogues = load("dialogues")
        case = dialogues[client % len(dialogues)]
        for turn in case["turns"]:
            yield client, [turn] if isinstance(turn, str) else turn


def milliseconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1e3


def turns(raw: psycopg.Connection, wanted: int) -> report.Measured:
    from agent.models import Turn
    from agent.turns import turn_run
    from conversations.inbound import InboundMessage
    from conversations.models import Inbox, InboxRole
    from conversations.services import message_receive
    from crm.core.clock import now

    inbox = Inbox.objects.create(name="Bench", role=InboxRole.LIVIA)
    row = report.Measured("a turn, in milliseconds")
    for client, texts in burst_texts():
        if len(row.product) == wanted:
            break
        phone = f"+55119{client:08d}"
        for text in texts:
            inbound = InboundMessage(
                provider_id=f"B{next(_NUMBERS)}", chat=f"{phone}@s.whatsapp.net", phone=phone, lid=None,
                push_name="Maria", from_me=False, kind="text", text=text, sent_at=now(),
            )  # fmt: skip
            message = message_receive(inbox_id=inbox.pk, inbound=inbound)
        before = Turn.objects.count()
        took = milliseconds(lambda: turn_run(conversation_id=message.conversation_id))  # noqa: B023
        if client >= 5 and Turn.objects.count() > before:  # the first clients warm up
            row.product.append(took)
            row.floor.append(milliseconds(lambda: raw.execute("SELECT 1").fetchall()))
    return row


def reading() -> report.Measured:
    """Every sentence of the evaluation sets, read as the answer to the question it came after."""
    from agent.brain.understanding import understand
    from agent.tests.evaluation import load

    row = report.Measured("reading a message, in microseconds")
    for case in [*load("extract"), *load("intent")] * 2:
        text, asked = case["text"], case.get("asked")
        took = milliseconds(lambda: understand(text, asked=asked, last_bot=case.get("last_bot"), known={}))  # noqa: B023
        row.product.append(took * 1e3)
        row.floor.append(milliseconds(lambda: text.lower().split()) * 1e3)  # noqa: B023
    half = len(row.product) // 2
    return report.Measured(row.case, row.product[half:], row.floor[half:])


def line(row: report.Measured) -> str:
    cuts = quantiles(row.product, n=100)
    cells = (cuts[49], cuts[94], cuts[98], median(row.floor))
    return f"| {row.case} | " + " | ".join(f"{cell:.2f}" for cell in cells) + f" | {row.ratio:.0f} × |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Lívia's own time per message and per turn.")
    parser.add_argument("--turns", type=int, default=TURNS)
    options = parser.parse_args()
    where = machine.describe()
    settings = {"ALLOWED_HOSTS": "testserver", "BURST_WINDOW_SECONDS": "0", "GROQ_API_KEY": ""}
    with (
        ground.servers(**ground.PRODUCTION, **settings),
        psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as raw,
    ):
        rows = [reading(), turns(raw, options.turns)]
    text = "\n".join(
        [
            "# Lívia's own time", "", *(__doc__ or "").strip().splitlines()[2:], "",
            f"Measured on: {where}. `python -m bench.turn --turns {options.turns}`", "",
            "| what | p50 | p95 | p99 | floor, p50 | p50 / floor |", "|---|---:|---:|---:|---:|---:|",
            *map(line, rows), "",
        ]
    )  # fmt: skip
    (report.RESULTS / "turn.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
