"""The result of a rehearsal, for the terminal and for a document."""

from collections.abc import Sequence

from crm.rehearsal.rehearsal import Row

HEAD = (
    "fault", "sent", "stored", "answered", "lost", "doubled", "unconfirmed", "forms", "repeated", "recovery",
    "longest wait", "longest form", "alerts",
)  # fmt: skip


def cells(row: Row) -> tuple[str, ...]:
    recovery = "never" if row.recovery is None else f"{row.recovery:.1f} s"
    counts = (row.sent, row.stored, row.answered, row.lost, row.doubled, row.unknown, row.forms, row.forms_repeated)
    waits = (recovery, f"{row.longest:.1f} s", f"{row.longest_form:.1f} s")
    return (row.fault, *map(str, counts), *waits, ", ".join(row.alerts) or "–")


def plain(rows: Sequence[Row]) -> str:
    """Columns as wide as their widest cell."""
    table = [HEAD, *map(cells, rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEAD))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in table)


def markdown(rows: Sequence[Row]) -> str:
    lines = [HEAD, ("---", *["---:"] * (len(HEAD) - 2), "---"), *map(cells, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
