"""Plugs Lívia's rules into the port through which leads are classified."""

from collections.abc import Mapping
from typing import Any

from agent.brain.classify import classify
from agent.brain.simulation import SimulationResult
from leads.classification import Classification
from leads.classification import classify as classification


def classify_values(
    values: Mapping[str, Any], *, intents: tuple[str, ...] = (), simulation: SimulationResult | None = None
) -> Classification:
    """Temperature, score and reasons of a lead's values."""
    result = classify(values, intents=intents, simulation=simulation)
    reasons = [{"code": reason.code, "points": reason.points, "text": reason.text} for reason in result.reasons]
    return Classification(result.temperature, result.score, reasons)


classification.plug(classify_values)
