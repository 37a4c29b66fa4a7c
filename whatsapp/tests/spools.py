"""Helper of the spool's tests."""

from whatsapp.spool import Spool


def drain(spool: Spool) -> list[bytes]:
    """Read and commit everything, in batches."""
    found: list[bytes] = []
    while batch := spool.read(100):
        found += [data for _, data in batch]
        spool.commit(batch[-1][0])
    return found
