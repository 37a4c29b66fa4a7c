"""What the loopback needs to know of the neonize shared library, read from its ELF file.

This file uses the standard library only: the child process loads it before anything else.
"""

import ctypes
import struct
from pathlib import Path

# The key WhatsApp signs its Noise certificates with (whatsmeow: `WACertPubKey`), 32 bytes of Curve25519.
ROOT_KEY = bytes.fromhex("142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b")

PROGBITS, NOBITS = 1, 8  # ELF section types
RELATIVE = 8  # R_X86_64_RELATIVE: how a Go string in .data points at its bytes
SINGLE_TOKENS, DOUBLE_TOKENS = 235, 256
# The first two words of each table of the binary XML codec; the tables themselves change with every upgrade.
SINGLE_TABLE = ("xmlstreamstart", "xmlstreamend")
DOUBLE_TABLES = (
    ("read-self", "active"),
    ("reject", "dirty"),
    ("64", "ptt_playback_speed_enabled"),
    ("1724", "profile_picture"),
)


class Library:
    """One build of the library: its token tables, and where its root key lies."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.data = data = self.path.read_bytes()
        (headers,) = struct.unpack_from("<Q", data, 0x28)
        size, count, names = struct.unpack_from("<HHH", data, 0x3A)
        rows = [struct.unpack_from("<IIQQQQIIQQ", data, headers + number * size) for number in range(count)]
        names_at = rows[names][4]
        self.sections: dict[str, tuple[int, int, int, int]] = {}  # name -> (type, address, offset, size)
        for row in rows:
            start = names_at + row[0]
            name = data[start : data.index(b"\0", start)].decode()
            self.sections[name] = (row[1], row[3], row[4], row[5])

    def address_of(self, offset: int) -> int:
        for kind, address, start, size in self.sections.values():
            if kind == PROGBITS and address and start <= offset < start + size:
                return address + offset - start
        raise LookupError(f"offset {offset} lies in no section")

    def offset_of(self, address: int) -> int | None:
        for kind, start, offset, size in self.sections.values():
            if kind != NOBITS and start and start <= address < start + size:
                return offset + address - start
        return None

    def root_key_address(self) -> int:
        found = self.data.count(ROOT_KEY)
        if found != 1:
            raise RuntimeError(f"the root key occurs {found} times in {self.path}, expected exactly once")
        return self.address_of(self.data.index(ROOT_KEY))

    def tokens(self) -> tuple[list[str], list[list[str]]]:
        """The codec's tables: single words (index 0 is empty) and four tables of double words."""
        _, _, start, size = self.sections[".rela.dyn"]
        points = {
            at: to
            for at, info, to in struct.iter_unpack("<QQq", self.data[start : start + size])
            if info & 0xFFFFFFFF == RELATIVE
        }
        wanted = {first.encode(): second for first, second in (SINGLE_TABLE, *DOUBLE_TABLES)}
        tables: dict[str, list[int]] = {}
        for at in points:
            second = wanted.get(self._string(points, at))
            if second is not None and self._string(points, at + 16) == second.encode():
                tables.setdefault(self._string(points, at).decode(), []).append(at)
        single = ["", *self._table(points, tables, SINGLE_TABLE[0], SINGLE_TOKENS)]
        return single, [self._table(points, tables, first, DOUBLE_TOKENS) for first, _ in DOUBLE_TABLES]

    def _table(self, points: dict[int, int], tables: dict[str, list[int]], first: str, count: int) -> list[str]:
        places = tables.get(first, [])
        if len(places) != 1:
            raise RuntimeError(f"the token table that starts with {first!r} occurs {len(places)} times")
        return [self._string(points, places[0] + 16 * number).decode("latin1") for number in range(count)]

    def _string(self, points: dict[int, int], at: int) -> bytes:
        """The Go string (pointer, length) at an address; empty if there is none."""
        place = self.offset_of(points[at]) if at in points else None
        header = self.offset_of(at)
        if place is None or header is None:
            return b""
        (length,) = struct.unpack_from("<Q", self.data, header + 8)
        return self.data[place : place + length] if length < 300 else b""

    def replace_root_key(self, key: bytes) -> None:
        """Overwrite the root key in the memory of this process, where the library is loaded."""
        address = self._base() + self.root_key_address()
        if ctypes.string_at(address, 32) != ROOT_KEY:
            raise RuntimeError("unexpected bytes in the place of the root key")
        ctypes.memmove(address, key, 32)

    def _base(self) -> int:
        for line in Path("/proc/self/maps").read_text().splitlines():
            fields = line.split(maxsplit=5)
            if len(fields) == 6 and fields[5] == str(self.path) and int(fields[2], 16) == 0:
                return int(fields[0].split("-")[0], 16)
        raise RuntimeError(f"{self.path} is not loaded in this process")
