"""What a model may not state on its own: promises, dates, fees, claims and pressure that no rule and no manager backs.

Wider than `forbidden`: a subject is enough, unless the sentence holds what excuses it. A sentence refused here without
need costs a template in its place; one let through costs the client.
"""

import re

from agent.brain.unbacked_claims import CLAIMS
from agent.brain.unbacked_fees import FEES
from agent.brain.unbacked_promises import PROMISES

_COMPILED = tuple(
    (code, tuple(re.compile(part) for part in parts), re.compile(excuse))
    for code, parts, excuse in (*PROMISES, *FEES, *CLAIMS)
)
_SENTENCE = re.compile(r"[^.!?;\n]+(?:[.,](?=\d)[^.!?;\n]+)*[.!?;\n]*")


def unbacked(text: str) -> list[tuple[str, str]]:
    """Code and words of each unbacked statement in a normalised text."""
    found = []
    for sentence in _SENTENCE.findall(text):
        for code, parts, excuse in _COMPILED:
            matches = [part.search(sentence) for part in parts]
            if all(matches) and not excuse.search(sentence):
                spans = [match.span() for match in matches if match]
                found.append((code, sentence[min(a for a, _ in spans) : max(b for _, b in spans)]))
    return found
