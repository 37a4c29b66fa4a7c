"""A voice note as a phone records it: Opus in Ogg."""

import struct

SILENCE = bytes((0xF8, 0xFF, 0xFE))  # twenty milliseconds of it
RATE = 48_000


def voice_note(seconds: int = 2) -> bytes:
    """Some seconds in which nobody says a word."""
    head = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, 0, RATE, 0, 0)
    tags = struct.pack("<8sI4sI", b"OpusTags", 4, b"test", 0)
    pages = [_page(0, 2, 0, [head]), _page(1, 0, 0, [tags])]
    for second in range(1, seconds + 1):
        last = 4 if second == seconds else 0
        pages.append(_page(second + 1, last, second * RATE, [SILENCE] * 50))
    return b"".join(pages)


def _page(number: int, flags: int, position: int, packets: list[bytes]) -> bytes:
    """One page of Ogg; no packet has 255 bytes or more."""
    lengths = bytes(map(len, packets))
    header = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, 1, number, 0, len(lengths))
    page = header + lengths + b"".join(packets)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _checksum(data: bytes) -> int:
    """Ogg's: CRC-32 from the highest bit down, without inversions."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _bit in range(8):
            value = (value << 1) ^ (0x104C11DB7 if value & 0x80000000 else 0)
    return value
