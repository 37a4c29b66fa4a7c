"""What we ask of a line that is up. Of one that is down nothing is asked: some calls of the library would abort the
process."""

import base64
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings

from whatsapp.gateways.base import DownloadFailed, Left, Media, Quoted, SendFailed, Sent
from whatsapp.gateways.neonize import addresses, inbound, outbound
from whatsapp.gateways.neonize.library import DownloadError, NeonizeError, NewClient, e2e, enum, proto
from whatsapp.gateways.neonize.presence import Presence
from whatsapp.patience import within

_GONE = ("404", "403", "410")  # WhatsApp keeps files for some weeks


class Calls:
    client: NewClient
    presence: Presence
    me: proto.Device
    up: bool

    def send_text(self, chat: str, text: str) -> Sent:
        return self._send(chat, lambda: outbound.text(text))

    def reply(self, chat: str, text: str, quoted: Quoted) -> Sent:
        return self._send(chat, lambda: outbound.reply(text, quoted, chat=chat, own=self._own(chat)))

    def react(self, chat: str, emoji: str, target: Quoted) -> Sent:
        return self._send(chat, lambda: outbound.reaction(emoji, target, chat=chat))

    def send_media(self, chat: str, media: Media, caption: str = "", quoted: Quoted | None = None) -> Sent:
        def build() -> e2e.Message:
            kind = outbound.media_type(media)
            upload = within(settings.WHATSAPP_MEDIA_SECONDS, lambda: self.client.upload(media.content, kind))
            context = outbound.context(quoted, chat=chat, own=self._own(chat)) if quoted else None
            return outbound.file(media, upload, caption, context)

        return self._send(chat, build)

    def _send(self, chat: str, build: Callable[[], e2e.Message]) -> Sent:
        if not self.up:
            raise SendFailed("not_connected", left=Left.NO)
        try:
            message = build()
        except (NeonizeError, TimeoutError) as error:  # the upload failed: no message was sent
            raise SendFailed("upload", str(error)[:200], left=Left.NO) from error
        try:
            answer = self.client.send_message(addresses.parse(chat), message)
        except NeonizeError as error:
            raise outbound.failure(error) from error
        return Sent(answer.ID, inbound.moment(answer.Timestamp))

    def _own(self, chat: str) -> str:
        """Our address of the same kind as the chat's."""
        return addresses.text(self.me.LID if chat.endswith(f"@{addresses.LID}") else self.me.JID)

    def typing(self, chat: str, on: bool) -> None:
        if not self.up:
            return
        self.presence.touch()
        state = enum.ChatPresence.CHAT_PRESENCE_COMPOSING if on else enum.ChatPresence.CHAT_PRESENCE_PAUSED
        media = enum.ChatPresenceMedia.CHAT_PRESENCE_MEDIA_TEXT
        self.client.send_chat_presence(addresses.parse(chat), state, media)

    def _show_presence(self, available: bool) -> None:
        if self.up:
            with suppress(Exception):  # a fresh device has no name to show yet
                self.client.send_presence(enum.Presence.AVAILABLE if available else enum.Presence.UNAVAILABLE)

    def mark_read(self, chat: str, provider_ids: list[str]) -> None:
        self._need_line()
        address = addresses.parse(chat)
        try:
            self.client.mark_read(*provider_ids, chat=address, sender=address, receipt=enum.ReceiptType.READ)
        except NeonizeError as error:
            raise outbound.failure(error) from error

    def number_check(self, phone: str) -> str | None:
        self._need_line()
        try:
            answers = self.client.is_on_whatsapp(f"+{phone}")
        except NeonizeError as error:
            raise SendFailed("number_check", str(error)[:200], left=Left.NO) from error
        return next((addresses.text(answer.JID) for answer in answers if answer.IsIn), None)

    def phone_of(self, lid: str) -> str | None:
        if not self.up:
            return None
        try:
            return self.client.get_pn_from_lid(addresses.parse(f"{lid}@{addresses.LID}")).User or None
        except Exception:  # it only helps to know: a message goes without it
            return None

    def download(self, media: dict[str, Any]) -> bytes:
        if not self.up:
            raise DownloadFailed("not connected")
        try:
            message = e2e.Message.FromString(base64.b64decode(media["ref"], validate=True))
        except Exception as error:  # protobuf's own errors share no useful base
            raise DownloadFailed("no reference", gone=True) from error
        try:
            return self.client.download_any(message) or b""
        except DownloadError as error:
            words = str(error)
            raise DownloadFailed(words[:200], gone=any(code in words for code in _GONE)) from error

    def _need_line(self) -> None:
        if not self.up:
            raise SendFailed("not_connected", left=Left.NO)
