"""Protocol Buffers without descriptors, for the few messages neonize carries no description of."""

from collections.abc import Mapping
from typing import Any

VARINT, LENGTH = 0, 2


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def pack(fields: Mapping[int, int | bytes]) -> bytes:
    """Numbers and bytes by field number, in the order of the numbers."""
    out = b""
    for number, value in sorted(fields.items()):
        if isinstance(value, int):
            out += varint(number << 3 | VARINT) + varint(value)
        else:
            out += varint(number << 3 | LENGTH) + varint(len(value)) + value
    return out


def unpack(data: bytes) -> dict[int, Any]:
    """Field numbers to numbers and bytes; the last of a repeated field."""
    fields: dict[int, Any] = {}
    at = 0

    def read() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = read()
        value: Any = read()
        if key & 7 == LENGTH:
            at, value = at + value, data[at : at + value]
        fields[key >> 3] = value
    return fields
