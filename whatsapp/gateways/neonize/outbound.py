"""What we send, built by hand: the library's own builders fetch links, run ffmpeg and read mentions out of texts."""

import io
import re
from typing import Any

from PIL import Image

from crm.core.clock import now
from whatsapp.gateways.base import Left, Media, Quoted, SendFailed
from whatsapp.gateways.neonize import addresses
from whatsapp.gateways.neonize.library import e2e, enum, proto

THUMBNAIL_PIXELS = 100
_MOST_PIXELS = 25_000_000  # a picture of a few bytes may unfold to gigabytes, in the process that holds the line
# Where a failed send surely ended before anything was sent. The texts are whatsmeow's.
_NOT_LEFT = ("websocket not connected", "the store doesn't contain", "failed to get device list", "failed to upload")
_REFUSED = re.compile(r"server returned error (\d+)")
_FILES = {
    "image": enum.MediaType.MediaImage,
    "video": enum.MediaType.MediaVideo,
    "audio": enum.MediaType.MediaAudio,
    "document": enum.MediaType.MediaDocument,
}


def text(words: str) -> e2e.Message:
    return e2e.Message(conversation=words)


def reply(words: str, quoted: Quoted, *, chat: str, own: str) -> e2e.Message:
    part = e2e.ExtendedTextMessage(text=words, contextInfo=context(quoted, chat=chat, own=own))
    return e2e.Message(extendedTextMessage=part)


def context(quoted: Quoted, *, chat: str, own: str) -> e2e.ContextInfo:
    """`own` is our own address: who wrote the quoted message is part of the quote."""
    return e2e.ContextInfo(
        stanzaID=quoted.provider_id,
        participant=own if quoted.from_me else addresses.text(addresses.parse(chat)),
        quotedMessage=e2e.Message(conversation=quoted.text),
    )


def reaction(emoji: str, target: Quoted, *, chat: str) -> e2e.Message:
    """An empty emoji takes ours back."""
    key = {"remoteJID": addresses.text(addresses.parse(chat)), "fromMe": target.from_me, "ID": target.provider_id}
    moment = int(now().timestamp() * 1000)
    return e2e.Message(reactionMessage=e2e.ReactionMessage(key=key, text=emoji, senderTimestampMS=moment))


def media_type(media: Media) -> enum.MediaType:
    return _FILES.get(media.kind, enum.MediaType.MediaDocument)


def file(
    media: Media, upload: proto.UploadResponse, caption: str, answers: e2e.ContextInfo | None = None
) -> e2e.Message:
    """The message that points at an uploaded file; `answers` is the context of one it quotes."""
    where: dict[str, Any] = {
        "URL": upload.url,
        "directPath": upload.DirectPath,
        "mediaKey": upload.MediaKey,
        "fileEncSHA256": upload.FileEncSHA256,
        "fileSHA256": upload.FileSHA256,
        "fileLength": upload.FileLength,
        "mimetype": media.mime,
        "contextInfo": answers,
    }
    match media.kind:
        case "image":
            part = e2e.ImageMessage(**where, caption=caption, **_picture(media.content))
            return e2e.Message(imageMessage=part)
        case "video":
            return e2e.Message(videoMessage=e2e.VideoMessage(**where, caption=caption))
        case "audio":
            where["mimetype"] = "audio/ogg; codecs=opus" if media.voice else media.mime
            where |= {"seconds": media.seconds, "waveform": media.waveform or None}
            return e2e.Message(audioMessage=e2e.AudioMessage(**where, PTT=media.voice))
    name = media.name or "arquivo"
    return e2e.Message(documentMessage=e2e.DocumentMessage(**where, caption=caption, fileName=name, title=name))


def _picture(content: bytes) -> dict[str, Any]:
    """Size and thumbnail; nothing for what Pillow cannot read."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
            if width * height > _MOST_PIXELS:
                return {"width": width, "height": height}
            picture.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
            small = io.BytesIO()
            picture.convert("RGB").save(small, "jpeg", quality=60)
    except Exception:  # Pillow raises all sorts of things for broken pictures
        return {}
    return {"width": width, "height": height, "JPEGThumbnail": small.getvalue()}


def failure(error: Exception) -> SendFailed:
    """What the library's error says about whether the message left."""
    words = str(error)
    if refused := _REFUSED.search(words):
        return SendFailed(refused.group(1))
    if "no LID found" in words:
        return SendFailed("not_on_whatsapp")
    if any(known in words for known in _NOT_LEFT):
        return SendFailed("not_connected", left=Left.NO)
    code = "timeout" if "timed out" in words or "deadline" in words else "error"
    return SendFailed(code, words[:200], left=Left.PERHAPS)
