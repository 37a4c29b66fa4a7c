"""Facts of webhooks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeliveriesDue:
    """There is something to be told to these endpoints."""

    endpoint_ids: tuple[int, ...]
