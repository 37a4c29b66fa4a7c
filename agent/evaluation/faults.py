"""A model's endpoint that misbehaves, played to the real SDK while Lívia answers a client."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from django.test.utils import override_settings

from agent.evaluation.cases import Case
from agent.evaluation.client import Client
from agent.evaluation.clock import Clock
from agent.evaluation.events import Meanwhile, event_named
from agent.evaluation.standpoint import stand_at
from agent.llm import breaker
from agent.loopback import Endpoint
from agent.models import Turn


def play_fault(case: Case) -> dict[str, Any]:
    """The prediction of a case: what Lívia did, said and knows afterwards, and how long it took."""
    state, response = case["state"], case["response"]
    with ExitStack() as stack:
        clock = stack.enter_context(Clock(runs=True))
        client = Client(clock, name=str(state["slots"].get("name") or "Cliente"))
        meanwhile = _meanwhile(client, response)
        endpoint = Endpoint(response, heard=meanwhile.begin if meanwhile else None)
        address = endpoint.start()
        stack.callback(endpoint.stop)
        stack.enter_context(
            override_settings(GROQ_ENABLED=True, GROQ_API_KEY="loopback", GROQ_BASE_URL=address, LIVIA_ENABLED=True)
        )
        stack.enter_context(stand_at(client, state))
        breaker.succeeded()  # what earlier cases did to it is forgotten
        client.write(state["customer_text"])
        began = time.perf_counter()
        replies = client.wait_for_answer()
        elapsed = time.perf_counter() - began
        if meanwhile:
            meanwhile.settle()
            began = time.perf_counter()
            replies += client.wait_for_answer()
            elapsed += time.perf_counter() - began
        return {"id": case["id"], **_result(client, replies, elapsed)}


def _meanwhile(client: Client, response: Mapping[str, Any]) -> Meanwhile | None:
    name = str(response.get("event") or "")
    event = event_named(name)
    if name and event is None:
        raise ValueError(f"nobody knows the event {name}")
    seconds, text = float(response.get("event_at_s") or 0), str(response.get("event_text") or "")
    return Meanwhile(event, client, seconds, text) if event else None


def _result(client: Client, replies: list[str], elapsed: float) -> dict[str, Any]:
    dialogue = client.dialogue
    return {
        "action": action_of(client.turns, client.discarded),
        "stage": str(dialogue.stage),
        "slots": dialogue.slots,
        "replies": replies,
        "elapsed_s": round(elapsed, 3),
    }


def action_of(turns: list[Turn], discarded: int) -> str:
    """use, repair, fallback, retry, discard, handoff or opt_out, from the record of the last turn."""
    turn = turns[-1] if turns else None
    if turn is not None and turn.outcome in {"handoff", "opt_out"}:
        return turn.outcome
    if turn is None or discarded:
        return "discard"
    if "model" not in turn.path:
        return "fallback"
    if len(turn.attempts) > 1:
        return "retry"
    return "repair" if "repaired" in turn.path or turn.rejected or turn.validation_errors else "use"
