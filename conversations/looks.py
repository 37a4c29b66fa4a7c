"""What a page wants to know of a file before it shows it: its box, a small picture of it, the shape of its sound.

Found out by a worker once the file is there: decoding strangers' files is nothing for the process that serves pages or
holds the line to WhatsApp. A file nobody looked at is shown without.
"""

import io
from typing import Any

import av
import structlog
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from conversations.files import file_on_trial, file_write
from conversations.models import MediaState, Message, MessageKind
from conversations.upkeep import conversation_lock, message_save
from conversations.voices import sound_shape
from crm.core.files import INLINE
from crm.core.work import service

log = structlog.get_logger(__name__)

SMALL_MIME = "image/webp"
_SMALL_PIXELS = 660  # twice the width of a bubble, for dense screens
_SMALL_FROM_BYTES = 120_000  # lighter pictures are shown as they are
_MOST_PIXELS = 25_000_000  # a picture of a few bytes may unfold to gigabytes
_PICTURES = ("JPEG", "PNG", "WEBP", "GIF")
_FILMS = {"video/mp4": "mp4", "video/3gpp": "mp4", "video/webm": "matroska"}
_FILM_DECODERS = frozenset("h264 hevc mpeg4 h263 vp8 libvpx vp9 libvpx-vp9 av1 libdav1d".split())
_TURNED = range(5, 9)  # EXIF's orientations that swap the sides


def file_look(*, message_id: int) -> bool:
    """Find out what there is to know of a stored file and tell its message. False if that is nothing new."""
    message = Message.objects.select_related("conversation").filter(pk=message_id).first()
    if message is None or message.media_state != MediaState.STORED or _is_known(message):
        return False
    facts = message.media or {}
    try:
        with default_storage.open(facts["path"]) as file:
            content = file.read()
        found, small = _seen(content, str(facts.get("mime", "")))
    except Exception as error:  # each storage has errors of its own, and decoders raise all sorts of things
        log.info("file_not_looked_at", message=message_id, error=type(error).__name__)
        return False
    if not small:
        return bool(found) and _tell(message_id=message_id, found=found)
    path = file_write(inbox_id=message.conversation.inbox_id, content=small, mime=SMALL_MIME)
    with file_on_trial(path) as trial:
        trial.taken = _tell(message_id=message_id, found=found | {"small": path})
    return trial.taken


def _is_known(message: Message) -> bool:
    facts = message.media or {}
    is_shown = message.kind != MessageKind.DOCUMENT and facts.get("mime") in INLINE
    return not is_shown or "peaks" in facts or "width" in facts


def _seen(content: bytes, mime: str) -> tuple[dict[str, Any], bytes]:
    match mime.partition("/")[0]:
        case "audio":
            shape = sound_shape(content)
            return ({"seconds": shape[0], "peaks": shape[1]} if shape else {}), b""
        case "image":
            return _picture(content)
        case "video":
            return _film(content, mime)
    return {}, b""


def _picture(content: bytes) -> tuple[dict[str, Any], bytes]:
    with Image.open(io.BytesIO(content), formats=_PICTURES) as picture:
        width, height = picture.size
        if picture.getexif().get(0x0112) in _TURNED:
            width, height = height, width
        found = {"width": width, "height": height}
        is_light = len(content) < _SMALL_FROM_BYTES or max(width, height) <= _SMALL_PIXELS
        picture.draft("RGB", (2 * _SMALL_PIXELS, 2 * _SMALL_PIXELS))  # JPEG: most of the pixels are never unfolded
        if is_light or picture.width * picture.height > _MOST_PIXELS or getattr(picture, "is_animated", False):
            return found, b""
        return found, _small(ImageOps.exif_transpose(picture))


def _film(content: bytes, mime: str) -> tuple[dict[str, Any], bytes]:
    """Its first picture."""
    options = {"protocol_whitelist": "none", "codec_whitelist": ",".join(sorted(_FILM_DECODERS))}
    with av.open(io.BytesIO(content), "r", format=_FILMS[mime], options=options) as source:
        stream = source.streams.video[0]
        if stream.codec_context.name not in _FILM_DECODERS or stream.width * stream.height > _MOST_PIXELS:
            return {}, b""
        stream.codec_context.thread_count = 1
        frame = next(source.decode(stream))
        picture = frame.to_image().rotate(frame.rotation, expand=True)
        found = {"width": picture.width, "height": picture.height}
        if source.duration and 0 < source.duration < 86_400 * av.time_base:
            found["seconds"] = max(1, round(source.duration / av.time_base))
        return found, _small(picture)


def _small(picture: Image.Image) -> bytes:
    picture.thumbnail((_SMALL_PIXELS, _SMALL_PIXELS))
    target = io.BytesIO()
    has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    picture.convert("RGBA" if has_alpha else "RGB").save(target, "WEBP", quality=72)
    return target.getvalue()


@service
def _tell(*, message_id: int, found: dict[str, Any]) -> bool:
    """What the phone said of it stands; what was found out is added. Known once, it is not told again."""
    conversation_id = Message.objects.filter(pk=message_id).values_list("conversation_id", flat=True).first()
    if conversation_id is None:
        return False
    conversation = conversation_lock(conversation_id)
    message = conversation.messages.select_related("sender").filter(pk=message_id, revoked_at=None).first()
    if message is None or message.media_state != MediaState.STORED or _is_known(message):
        return False
    message.conversation = conversation
    message.media = found | (message.media or {})
    message_save(message, "media")
    return True
