"""Sounds as browsers and phones record them, made here."""

import io
import math
from array import array
from fractions import Fraction

import av

RATE = 48_000


def sound(
    seconds: float = 2, container: str = "webm", codec: str = "libopus", layout: str = "mono", loud: int = 12_000
) -> bytes:
    """A tone that swells and fades, encoded."""
    target, size = io.BytesIO(), 960
    with av.open(target, "w", format=container) as out:
        stream = out.add_stream(codec, rate=RATE, layout=layout)
        resampler = av.AudioResampler(format=stream.format.name, layout=layout, rate=RATE, frame_size=_size(codec))
        for number in range(int(seconds * RATE / size)):
            frame = av.AudioFrame(format="s16", layout="mono", samples=size)
            frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), number * size
            swell = math.sin(math.pi * number * size / (seconds * RATE)) * loud
            tone = (int(swell * math.sin((number * size + k) / 17)) for k in range(size))
            frame.planes[0].update(array("h", tone).tobytes())
            for ready in resampler.resample(frame):
                out.mux(stream.encode(ready))
        for ready in resampler.resample(None):
            out.mux(stream.encode(ready))
        out.mux(stream.encode(None))
    return target.getvalue()


def _size(codec: str) -> int:
    return {"aac": 1024, "libmp3lame": 1152}.get(codec, 960)


def probe(content: bytes) -> tuple[str, str, int, int, float]:
    """Container, codec, channels, rate and seconds of a file."""
    with av.open(io.BytesIO(content)) as source:
        stream = source.streams.audio[0]
        context = stream.codec_context
        name, codec, channels, rate = source.format.name, context.name, context.layout.nb_channels, context.sample_rate
        return name, codec, channels, rate, sum(frame.samples for frame in source.decode(stream)) / rate
