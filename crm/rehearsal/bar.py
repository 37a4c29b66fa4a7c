"""A load's progress: one line that moves in a terminal, a line every ten seconds elsewhere."""

from typing import TextIO

from crm.rehearsal.load import Progress

WIDTH = 24
PLAIN_SECONDS = 10.0


class Bar:
    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.moving = out.isatty()
        self.every = 0.5 if self.moving else PLAIN_SECONDS

    def show(self, share: float, progress: Progress) -> None:
        done = round(min(share, 1) * WIDTH)
        line = f"[{'█' * done}{'·' * (WIDTH - done)}] {share:4.0%}  {words(progress)}"
        self.out.write(f"\r\x1b[K{line}" if self.moving else f"{line}\n")
        self.out.flush()

    def say(self, text: str) -> None:
        self.out.write(f"\r\x1b[K{text}\n" if self.moving else f"{text}\n")
        self.out.flush()

    def end(self, progress: Progress) -> None:
        self.say(words(progress))


def words(progress: Progress) -> str:
    return (
        f"sent {progress.sent:,} · stored {progress.stored:,} · answered {progress.answered:,} · "
        f"waiting {progress.waiting:,} (longest {progress.oldest_wait_s:.0f} s) · clients {progress.chats:,}"
    )
