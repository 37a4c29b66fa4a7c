"""What a person can do on the phone on screen: write, send a file, a voice or a place, react, correct, delete."""

import io
import math
import wave
from array import array
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from crm.core.errors import Invalid, TooLarge
from crm.core.text import clean_line, clean_text
from whatsapp.gateways.base import Media
from whatsapp.simulator.network import Network

MAX_TEXT = 65_536
PLACE = {
    "latitude": -23.561414,
    "longitude": -46.655881,
    "name": "MASP",
    "address": "Av. Paulista, 1578 - Bela Vista, São Paulo",
}
CARD = {"contacts": [{"name": "João Pereira", "phones": ["+55 11 91234-5678"]}]}
TONE_RATE, TONE_HERTZ = 8000, 440

Act = Callable[[Network, str, HttpRequest], None]


def _write(network: Network, number: str, request: HttpRequest) -> None:
    text, media = _text(request), _media(request)
    if not text and media is None:
        raise Invalid(_("Write a message."), fields={"text": _("Write a message.")})
    if request.POST.get("own") == "1":
        network.say_own_phone(number, text)
    else:
        _say(network, number, request, text=text, media=media, quoted=request.POST.get("quoted", ""))


def _say(network: Network, number: str, request: HttpRequest, *, text: str = "", **more: Any) -> None:
    network.say(number, clean_line(request.POST.get("name", ""), limit=120), text, **more)


def _change(kind: str) -> Act:
    def act(network: Network, number: str, request: HttpRequest) -> None:
        target, text = request.POST.get("target", ""), _text(request)
        if not target or (kind == "edit" and not text):
            raise Invalid(_("Choose a message first."), fields={"target": _("Choose a message first.")})
        network.change(number, kind, target, text, own_phone=request.POST.get("own") == "1")

    return act


def _voice(network: Network, number: str, request: HttpRequest) -> None:
    _say(network, number, request, media=Media(content=tone(), kind="audio", mime="audio/wav"))


SAYINGS: dict[str, Act] = {
    "": _write,
    "voice": _voice,
    "location": lambda network, number, request: _say(network, number, request, kind="location", facts=PLACE),
    "contact": lambda network, number, request: _say(network, number, request, kind="contact", facts=CARD),
    **{kind: _change(kind) for kind in ("reaction", "edit", "revoke")},
}


def tone() -> bytes:
    """A second of sound, as WAV: something to listen to."""
    samples = (int(8000 * math.sin(2 * math.pi * TONE_HERTZ * n / TONE_RATE)) for n in range(TONE_RATE))
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(TONE_RATE)
        sound.writeframes(array("h", samples).tobytes())
    return target.getvalue()


def _text(request: HttpRequest) -> str:
    return clean_text(request.POST.get("text", ""), limit=MAX_TEXT).strip()


def _media(request: HttpRequest) -> Media | None:
    file = request.FILES.get("file")
    if file is None:
        return None
    limit = settings.WHATSAPP_MEDIA_LIMIT_BYTES
    if (file.size or 0) > limit:
        raise TooLarge(_("A file may have %(size)s at most.") % {"size": filesizeformat(limit)})
    mime = file.content_type or "application/octet-stream"
    family = "sticker" if mime == "image/webp" else mime.split("/")[0]
    kind = family if family in ("image", "audio", "video", "sticker") else "document"
    return Media(content=file.read(), kind=kind, mime=mime, name=clean_line(file.name or "", limit=120))
