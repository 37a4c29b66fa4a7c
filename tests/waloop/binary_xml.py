"""WhatsApp's binary XML: stanzas as lists of tokens, strings, JIDs and bytes.

The token tables come from the library itself (`library.Library.tokens`), so both sides always agree.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

LIST_EMPTY, LIST_8, LIST_16 = 0, 248, 249
BINARY_8, BINARY_20, BINARY_32 = 252, 253, 254
AD_JID, JID_PAIR, HEX_8, NIBBLE_8, DICTIONARY_0 = 247, 250, 251, 255, 236
DOMAINS = {0: "s.whatsapp.net", 1: "lid", 128: "hosted", 129: "hosted.lid"}
DOMAIN_NUMBERS = {name: number for number, name in DOMAINS.items()}
NIBBLES, HEX = "0123456789-.    ", "0123456789ABCDEF"


@dataclass(frozen=True)
class JID:
    """An address: a phone number, a LID, a group, or a server when it has no user."""

    user: str
    server: str = "s.whatsapp.net"
    device: int = 0

    def __str__(self) -> str:
        device = f":{self.device}" if self.device else ""
        return f"{self.user}{device}@{self.server}" if self.user else self.server

    @classmethod
    def parse(cls, text: str) -> "JID":
        user, at, server = text.rpartition("@")
        user, _, device = user.partition(":")
        return cls(user if at else "", server, int(device or 0))


@dataclass
class Node:
    """One element; its content is None, bytes, a string or a list of nodes."""

    tag: str
    attrs: Mapping[str, Any] = field(default_factory=dict)
    content: Any = None

    def children(self) -> list["Node"]:
        return self.content if isinstance(self.content, list) else []

    def child(self, *path: str) -> "Node | None":
        """The first child on a path of tags."""
        node: Node | None = self
        for tag in path:
            node = next((child for child in node.children() if child.tag == tag), None) if node else None
        return node

    def bytes_of(self, *path: str) -> bytes:
        """The bytes inside a child that must be there."""
        node = self.child(*path)
        if node is None or not isinstance(node.content, bytes):
            raise ValueError(f"<{self.tag}> has no bytes in {'/'.join(path)}")
        return node.content

    def __str__(self) -> str:
        attrs = "".join(f' {name}="{value}"' for name, value in self.attrs.items())
        if self.content is None:
            return f"<{self.tag}{attrs}/>"
        if isinstance(self.content, list):
            inner = "".join(map(str, self.content))
        elif isinstance(self.content, bytes):
            inner = self.content.hex() if len(self.content) < 24 else f"[{len(self.content)} bytes]"
        else:
            inner = str(self.content)
        return f"<{self.tag}{attrs}>{inner}</{self.tag}>"


class Codec:
    """Encodes and decodes stanzas; has no state between calls, so all connections share one."""

    def __init__(self, single: Sequence[str], doubles: Sequence[Sequence[str]]) -> None:
        self.single, self.doubles = single, doubles
        self.single_index = {token: number for number, token in enumerate(single) if token}
        self.double_index = {
            token: bytes([DICTIONARY_0 + table, number])
            for table, tokens in enumerate(doubles)
            for number, token in enumerate(tokens)
        }

    def decode(self, frame: bytes) -> Node:
        """A frame: one byte of flags (2 = the rest is deflated), then one node."""
        return Reader(self, zlib.decompress(frame[1:]) if frame[0] & 2 else frame[1:]).node()

    def encode(self, node: Node) -> bytes:
        writer = Writer(self)
        writer.node(node)
        return bytes(writer.out)


class Reader:
    def __init__(self, codec: Codec, data: bytes) -> None:
        self.codec, self.data, self.at = codec, data, 0

    def node(self) -> Node:
        size = self.list_size(self.number(1))
        tag = self.text()
        attrs = {self.text(): self.value(as_text=True) for _ in range((size - 1) // 2)}
        return Node(tag, attrs, self.value(as_text=False) if size % 2 == 0 else None)

    def raw(self, size: int) -> bytes:
        if self.at + size > len(self.data):
            raise ValueError("the frame ends too early")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.raw(size), "big")

    def text(self) -> str:
        return str(self.value(as_text=True) or "")

    def list_size(self, tag: int) -> int:
        if tag == LIST_EMPTY:
            return 0
        if tag not in (LIST_8, LIST_16):
            raise ValueError(f"token {tag} at {self.at} starts no list")
        return self.number(1 if tag == LIST_8 else 2)

    def value(self, *, as_text: bool) -> Any:
        tag = self.number(1)
        if tag == LIST_EMPTY:
            return None
        if tag in (LIST_8, LIST_16):
            return [self.node() for _ in range(self.list_size(tag))]
        if tag in (BINARY_8, BINARY_20, BINARY_32):
            size = self.number({BINARY_8: 1, BINARY_20: 3, BINARY_32: 4}[tag])
            data = self.raw(size)
            return data.decode("utf-8", "surrogateescape") if as_text else data
        if DICTIONARY_0 <= tag < DICTIONARY_0 + 4:
            return self.codec.doubles[tag - DICTIONARY_0][self.number(1)]
        if tag == JID_PAIR:
            user, server = self.text(), self.text()
            return JID(user, server)
        if tag == AD_JID:
            domain, device = self.number(1), self.number(1)
            return JID(self.text(), DOMAINS.get(domain, "s.whatsapp.net"), device)
        if tag in (HEX_8, NIBBLE_8):
            return self.packed(NIBBLES if tag == NIBBLE_8 else HEX)
        if tag < len(self.codec.single):
            return self.codec.single[tag]
        raise ValueError(f"unknown token {tag} at {self.at}")

    def packed(self, alphabet: str) -> str:
        size = self.number(1)
        text = "".join(alphabet[byte >> 4] + alphabet[byte & 15] for byte in self.raw(size & 127))
        return text[:-1] if size & 128 else text


class Writer:
    def __init__(self, codec: Codec) -> None:
        self.codec, self.out = codec, bytearray(b"\0")

    def node(self, node: Node) -> None:
        attrs = {name: value for name, value in node.attrs.items() if value is not None}
        self.list_size(1 + 2 * len(attrs) + (node.content is not None))
        self.text(node.tag)
        for name, value in attrs.items():
            self.text(name)
            self.value(value)
        if node.content is not None:
            self.value(node.content)

    def list_size(self, size: int) -> None:
        if size == 0:
            self.out.append(LIST_EMPTY)
        else:
            self.out += bytes([LIST_8, size]) if size < 256 else bytes([LIST_16]) + size.to_bytes(2, "big")

    def raw(self, data: bytes) -> None:
        size = len(data)
        if size < 256:
            self.out += bytes([BINARY_8, size])
        elif size < 1 << 20:
            self.out += bytes([BINARY_20]) + size.to_bytes(3, "big")
        else:
            self.out += bytes([BINARY_32]) + size.to_bytes(4, "big")
        self.out += data

    def value(self, value: Any) -> None:
        if isinstance(value, JID):
            self.jid(value)
        elif isinstance(value, (bytes, bytearray)):
            self.raw(bytes(value))
        elif isinstance(value, list):
            self.list_size(len(value))
            for child in value:
                self.node(child)
        else:
            self.text(str(value))

    def jid(self, jid: JID) -> None:
        if jid.device and jid.server in DOMAIN_NUMBERS:
            self.out += bytes([AD_JID, DOMAIN_NUMBERS[jid.server], jid.device])
            self.text(jid.user)
            return
        self.out.append(JID_PAIR)
        if jid.user:
            self.text(jid.user)
        else:
            self.out.append(LIST_EMPTY)
        self.text(jid.server)

    def text(self, text: str) -> None:
        if text in self.codec.single_index:
            self.out.append(self.codec.single_index[text])
        elif text in self.codec.double_index:
            self.out += self.codec.double_index[text]
        else:
            self.raw(text.encode("utf-8", "surrogateescape"))
