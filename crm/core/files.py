"""What may be believed about a file that comes from outside: its type by its first bytes, its name made harmless."""

import re
from typing import Any

from django.utils.http import content_disposition_header

from crm.core.text import clean_line

# Shown in the page, by type; everything else is only ever downloaded.
INLINE = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif",
    "audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/aac": ".aac", "audio/wav": ".wav",
    "video/mp4": ".mp4", "video/webm": ".webm", "video/3gpp": ".3gp",
}  # fmt: skip
_SAME = {
    "application/ogg": "audio/ogg", "video/ogg": "audio/ogg", "audio/opus": "audio/ogg", "audio/x-wav": "audio/wav",
    "audio/x-m4a": "audio/mp4", "video/x-m4v": "video/mp4", "audio/x-hx-aac-adts": "audio/aac",
    "audio/mp3": "audio/mpeg",
}  # fmt: skip
UNKNOWN_TYPE = "application/octet-stream"
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")

NAME_LENGTH = 120


def type_clean(raw: Any) -> str:
    """A media type as it was announced, in its usual spelling; "" for what is none."""
    mime = raw.partition(";")[0].strip().lower() if isinstance(raw, str) else ""
    return _SAME.get(mime, mime) if _TYPE.fullmatch(mime) else ""


def name_clean(raw: Any) -> str:
    """A file's name as one harmless line without folders; its ending survives the cut."""
    if not isinstance(raw, str):
        return ""
    name = clean_line(re.split(r"[/\\]", raw[-4096:])[-1], limit=4096).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if len(name) > NAME_LENGTH and dot and len(ending) <= 10:
        return f"{stem[: NAME_LENGTH - len(ending) - 1].rstrip()}.{ending}"
    return name[:NAME_LENGTH].rstrip()


def mime_of(content: bytes, announced: Any = "") -> str:
    """What the bytes are, of the types a page shows; else what they were announced as, if that is none of these."""
    said = type_clean(announced)
    found = next((mime for pattern, mime in _BEGINNINGS if pattern.match(content)), "")
    if found == "video/mp4" and said.startswith("audio/"):
        return "audio/mp4"  # the same container
    return found or (said if said not in INLINE else "") or UNKNOWN_TYPE


_BEGINNINGS = [
    (re.compile(pattern, re.DOTALL), mime)
    for pattern, mime in [
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF.{4}WEBP", "image/webp"),
        (rb"RIFF.{4}WAVE", "audio/wav"),
        (rb"OggS.{24,60}(OpusHead|\x01vorbis)", "audio/ogg"),
        (rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", "audio/mpeg"),
        (rb"\xff[\xf0\xf1\xf8\xf9]", "audio/aac"),
        (rb".{4}ftypM4[AB] ", "audio/mp4"),
        (rb".{4}ftyp3g", "video/3gpp"),
        (rb".{4}ftyp(isom|iso[2-9]|mp4[12]|avc1|dash|MSNV|M4V )", "video/mp4"),
        (rb"\x1aE\xdf\xa3.{0,60}webm", "video/webm"),
        (rb"%PDF-", "application/pdf"),
        (rb"#!AMR", "audio/amr"),
    ]
]

# Should a browser ever take a file for a page, that page may do nothing but show the file itself.
_POLICY = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"


def file_headers(name: str, mime: str) -> dict[str, str]:
    """The headers under which a file is harmless whatever it holds: shown if a page shows its type, else kept."""
    shown = mime in INLINE
    return {
        "Content-Type": mime if shown else UNKNOWN_TYPE,
        "Content-Disposition": content_disposition_header(not shown, name) or "attachment",
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
    }
