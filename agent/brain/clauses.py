"""The words that go with an amount: the clause before it, the noun right after it."""

from agent.brain import cues


def noun_after(text: str, end: int) -> tuple[str, int] | None:
    """The role of a noun right after an amount that ends there ("180 mil o empréstimo"), and where the noun ends."""
    for role, pattern in cues.NOUN_AFTER:
        if end and (match := pattern.match(text, end)):
            return role, match.end()
    return None


def clause_before(text: str, begin: int, end: int) -> str:
    """The words before an amount, back to the last amount or the sentence's start. A line that begins with the
    amount leans on the line before, a noun that follows an earlier amount on that one."""
    named = noun_after(text, begin)
    begin = named[1] if named else begin
    part = text[begin:end]
    stops = [m.end() for m in cues.SENTENCE_END.finditer(part)]
    while stops and part[stops[-1] - 1] == "\n" and len(part[stops[-1] :].split()) <= 1 and not _closed(part, stops):
        stops.pop()
    return part[stops[-1] :] if stops else part


def _closed(part: str, stops: list[int]) -> bool:
    line = part[: stops[-1] - 1]
    return line.rstrip()[-1:] in {".", "!", "?", ";", ""}
