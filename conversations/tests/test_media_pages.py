"""How files look on the page: kept boxes, small pictures, papers to read, and what a hostile file does to all that."""

import io
import struct
import zlib

import av
import pytest
from PIL import Image

from conversations.media import file_stored
from conversations.models import Message
from conversations.tasks import look
from conversations.templatetags.media import picture_box, wave
from conversations.tests.test_files import pushed
from conversations.transcripts import transcript_await, transcript_store

PDF = b"%PDF-1.7\n" + b"x" * 200


@pytest.fixture(autouse=True)
def media_root(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def sent(says):
    """A file Maria sent, fetched and looked at."""

    def send(content: bytes, kind: str = "image", **facts) -> Message:
        message = says("", kind=kind, media={"ref": "R", **facts})
        assert file_stored(message_id=message.pk, content=content)
        look(message.pk)
        message.refresh_from_db()
        return message

    return send


def photo(width: int, height: int, form: str = "JPEG", turned: int = 1) -> bytes:
    target, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = turned
    Image.effect_noise((width, height), 90).convert("RGB").save(target, form, quality=95, exif=exif)
    return target.getvalue()


def film(width: int = 320, height: int = 180, seconds: int = 2) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for _number in range(seconds * 10):
            out.mux(stream.encode(av.VideoFrame.from_image(Image.new("RGB", (width, height), "#336688"))))
        out.mux(stream.encode(None))
    return target.getvalue()


def test_a_heavy_photo_is_shown_small_in_its_own_box(sent, bruno, browse):
    message = sent(photo(2000, 1000), mime="image/jpeg")
    assert (message.media["width"], message.media["height"]) == (2000, 1000)
    html = pushed(message)
    assert 'width="330" height="165"' in html and f'src="{message.media_url}?small=1"' in html
    assert f'href="{message.media_url}"' in html
    answer = browse(bruno).get(message.media_url, {"small": "1"})
    assert answer["Content-Type"] == "image/webp" and len(answer.content) < message.media["size"] / 3
    assert Image.open(io.BytesIO(answer.content)).size == (660, 330)
    assert len(browse(bruno).get(message.media_url).content) == message.media["size"]


def test_a_photo_taken_upright_lies_upright(sent):
    message = sent(photo(1600, 900, turned=6), mime="image/jpeg")
    assert (message.media["width"], message.media["height"]) == (900, 1600)
    assert 'width="186" height="330"' in pushed(message)


def test_a_light_picture_is_shown_as_it_is(sent, bruno, browse):
    message = sent(photo(300, 200), mime="image/jpeg")
    assert "small" not in message.media and message.media["width"] == 300
    assert browse(bruno).get(message.media_url, {"small": "1"})["Content-Type"] == "image/jpeg"


def test_a_film_shows_its_first_picture_and_its_length(sent, bruno, browse):
    message = sent(film(), kind="video", mime="video/mp4")
    assert (message.media["width"], message.media["height"], message.media["seconds"]) == (320, 180, 2)
    assert "0:02" in pushed(message) and "?small=1" in pushed(message)
    assert browse(bruno).get(message.media_url, {"small": "1"})["Content-Type"] == "image/webp"


def test_a_picture_that_would_unfold_to_gigabytes_is_left_alone(sent, media_root):
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(9999)))]
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in [*chunks, (b"IEND", b"")]
    )
    message = sent(bomb, mime="image/png")
    assert "small" not in message.media and "width" not in message.media
    assert len([path for path in media_root.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("kind", "content", "mime"),
    [("image", b"\xff\xd8\xff\xe0" + bytes(200), "image/jpeg"), ("video", b"\0\0\0 ftypisom" + bytes(90), "video/mp4")],
)
def test_a_broken_file_is_shown_without_its_shape(sent, kind, content, mime):
    message = sent(content, kind=kind, mime=mime)
    assert "width" not in message.media and "boxless" in pushed(message)


def test_a_file_taken_back_before_it_was_looked_at_keeps_no_small_picture(says, media_root):
    message = says("", kind="image", media={"ref": "R", "mime": "image/jpeg"})
    file_stored(message_id=message.pk, content=photo(2000, 1000))
    says("", kind="revoke", target_provider_id=message.provider_id)
    look(message.pk)
    assert not list(media_root.rglob("*.webp"))


def test_a_film_that_nobody_looked_at_has_no_small_picture(sent, bruno, browse):
    message = sent(b"\0\0\0 ftypisom" + bytes(90), kind="video", mime="video/mp4")
    assert browse(bruno).get(message.media_url, {"small": "1"}).status_code == 404


def test_a_pdf_opens_in_the_browser_only_when_asked_and_nothing_else_does(sent, bruno, browse):
    client = browse(bruno)
    paper = sent(PDF, kind="document", mime="application/pdf", name="matrícula.pdf")
    assert f'href="{paper.media_url}?open=1"' in pushed(paper)
    opened = client.get(paper.media_url, {"open": "1"})
    assert opened["Content-Type"] == "application/pdf" and opened["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in opened["Content-Security-Policy"] and "nosniff" in opened["X-Content-Type-Options"]
    assert client.get(paper.media_url)["Content-Disposition"].startswith("attachment")
    page = sent(b"<html><script>alert(1)</script>", kind="document", mime="text/html", name="x.html")
    answer = client.get(page.media_url, {"open": "1"})
    assert answer["Content-Disposition"].startswith("attachment") and "octet-stream" in answer["Content-Type"]


def test_a_long_transcript_is_folded(sent):
    message = sent(b"OggS\x00\x02" + bytes(22) + b"OpusHead" + bytes(60), kind="audio", voice=True, mime="audio/ogg")
    assert transcript_await(message_id=message.pk)
    transcript_store(message_id=message.pk, text="quero saber do financiamento " * 20)
    assert "<details>" in pushed(message)


@pytest.mark.parametrize(
    ("media", "box"),
    [
        (None, None), ({}, None), ({"width": 0, "height": 5}, None), ({"width": "9", "height": 9}, None),
        ({"width": 100, "height": 80}, (100, 80)), ({"width": 4000, "height": 200}, (330, 64)),
        ({"width": 10, "height": 10}, (96, 64)),
    ],
)  # fmt: skip
def test_the_box_of_a_picture(media, box):
    assert picture_box(media) == box


def test_the_drawing_of_a_sound():
    assert wave(None) == wave([]) == wave([0] * 64)
    assert wave([100] * 64).startswith("M4 2v28M12 2v28") and wave([0] * 64).startswith("M4 16v0")
