"""Recordings: any browser's becomes the Ogg Opus that WhatsApp takes for voice, and every sound gets its shape.

What is decoded here was made by strangers. The container is told by its first bytes and never guessed, only decoders
of sound are opened, nothing is fetched, and length, rate and time are bounded before anything is read.
"""

import io
import math
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import av
from av.container import InputContainer
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.core.errors import DomainError, Invalid, TooLarge
from crm.core.files import mime_of

PEAKS = 64
RATE = 48_000
FRAME = 960  # 20 ms, what Opus encodes at once
VOICE_MIME = "audio/ogg"

_BITS = 32_000  # speech needs no more
_PATIENCE_SECONDS = 20.0  # a minute of speech takes about half a second
_LONGEST_SECONDS = 3600  # of a sound whose shape is drawn
_EACH = 12  # of 48,000 samples a second every so manieth tells how loud it was
_SILENCE = 90.0  # of 32,768: noise is not drawn as if it were speech
_CONTAINERS = {
    "audio/ogg": "ogg", "video/webm": "matroska", "audio/mp4": "mp4", "video/mp4": "mp4", "video/3gpp": "mp4",
    "audio/wav": "wav", "audio/mpeg": "mp3", "audio/aac": "aac", "audio/amr": "amr",
}  # fmt: skip
_DECODERS = frozenset(
    "opus libopus vorbis libvorbis aac mp3 mp3float amrnb amrwb pcm_s16le pcm_u8 pcm_s24le pcm_f32le".split()
)
_RATES, _CHANNELS = range(8_000, 96_001), range(1, 9)
# What FFmpeg's binding says of broken input.
_BROKEN = (av.FFmpegError, ValueError, LookupError, EOFError, RuntimeError)


class NotSound(DomainError):
    """The bytes are no recording we can read."""

    status = 415
    default_code = "not_sound"


class TooLong(Exception):
    """More than was to be heard."""


@dataclass(frozen=True)
class Recording:
    """Ogg Opus, mono, 48 kHz. `peaks` are 64 loudnesses from 0 to 100."""

    content: bytes = field(repr=False)
    seconds: int
    peaks: list[int]


def recording_read(content: bytes) -> Recording:
    """What a browser recorded, as WhatsApp wants it. Raises NotSound, TooLarge and Invalid (nothing was recorded).

    Always encoded anew, also from Opus: it costs half a second a minute, and what leaves is ours bit by bit.
    """
    target = io.BytesIO()
    try:
        with _opened(content) as source, av.open(target, "w", format="ogg") as out:
            sound = _Sound(source, settings.VOICE_SECONDS + 1)
            voice = out.add_stream(
                "libopus", rate=RATE, layout="mono", options={"application": "voip", "compression_level": "5"}
            )
            voice.bit_rate = _BITS
            for frame in sound.frames():
                out.mux(voice.encode(frame))
            out.mux(voice.encode(None))
    except TooLong as error:
        raise TooLarge(_too_long()) from error
    except _BROKEN as error:
        raise NotSound(_("This recording cannot be read. Record it again.")) from error
    if not sound.samples:
        raise Invalid(_("This recording is empty."))
    return Recording(target.getvalue(), sound.seconds, sound.peaks())


def sound_shape(content: bytes) -> tuple[int, list[int]] | None:
    """Seconds and peaks of any sound; None for what cannot be read, or goes on too long."""
    try:
        with _opened(content) as source:
            sound = _Sound(source, _LONGEST_SECONDS)
            for _frame in sound.frames():
                pass
    except (*_BROKEN, TooLong):
        return None
    return (sound.seconds, sound.peaks()) if sound.samples else None


def _too_long() -> str:
    minutes = settings.VOICE_SECONDS // 60
    if minutes * 60 != settings.VOICE_SECONDS:
        return _("A recording may last %(seconds)s seconds at most.") % {"seconds": settings.VOICE_SECONDS}
    sentence = ngettext(
        "A recording may last %(minutes)s minute at most.", "A recording may last %(minutes)s minutes at most.", minutes
    )
    return sentence % {"minutes": minutes}


@contextmanager
def _opened(content: bytes) -> Iterator[InputContainer]:
    container = _CONTAINERS.get(mime_of(content))
    if container is None:
        raise ValueError("no container of sound")
    options = {"protocol_whitelist": "none", "codec_whitelist": ",".join(sorted(_DECODERS))}
    with av.open(io.BytesIO(content), "r", format=container, options=options) as source:
        stream = source.streams.audio[0]
        if stream.codec_context.name not in _DECODERS:
            raise ValueError("no decoder of sound")
        stream.codec_context.thread_count = 1
        yield source


class _Sound:
    """Heard from beginning to end within its limits; how loud it was is remembered on the way."""

    def __init__(self, source: InputContainer, longest_seconds: int) -> None:
        self._source = source
        self._until = time.monotonic() + _PATIENCE_SECONDS
        self._most = longest_seconds * RATE
        self._loudness: list[float] = []
        self.samples = 0

    @property
    def seconds(self) -> int:
        return max(1, round(self.samples / RATE))

    def frames(self) -> Iterator[av.AudioFrame]:
        """In mono, 48 kHz, 20 ms each; gaps are closed. Raises TooLong."""
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=FRAME)
        for frame in self._source.decode(audio=0):
            if frame.sample_rate not in _RATES or frame.layout.nb_channels not in _CHANNELS:
                raise ValueError("no rate of sound")
            frame.pts = None  # a browser that paused, or lies, leaves gaps
            for small in resampler.resample(frame):
                yield self._heard(small)
        if self.samples:
            for small in resampler.resample(None):
                yield self._heard(small)

    def _heard(self, frame: av.AudioFrame) -> av.AudioFrame:
        frame.pts = self.samples
        self.samples += frame.samples
        if self.samples > self._most or time.monotonic() > self._until:
            raise TooLong
        every = array("h", bytes(frame.planes[0])[: frame.samples * 2])[::_EACH]
        self._loudness.append(math.sqrt(sum(sample * sample for sample in every) / max(len(every), 1)))
        return frame

    def peaks(self) -> list[int]:
        """The loudest of each sixty-fourth, the loudest of all being 100; flat for silence."""
        size = len(self._loudness) / PEAKS
        slices = [self._loudness[int(n * size) : max(int((n + 1) * size), int(n * size) + 1)] for n in range(PEAKS)]
        loudest = max(self._loudness, default=0.0)
        if loudest < _SILENCE:
            return [0] * PEAKS
        return [round(100 * max(part, default=0.0) / loudest) for part in slices]
