"""What the tests of the whole product share."""

from tests.addresses import alice, places

__all__ = ["alice", "places"]
