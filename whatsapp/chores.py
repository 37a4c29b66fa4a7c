"""What may wait a moment: number checks, ticks for what was read, and files. One thread, never in the way of messages.

Nothing is remembered here: what is due stands in rows, so whatever was interrupted is simply found again.
"""

import threading
import time

import structlog
from django.conf import settings

from conversations.media import (
    AwaitedFile,
    StorageAway,
    file_failed,
    file_not_tried,
    file_stored,
    file_try,
    files_due,
)
from conversations.reads import ReadChat, reads_due, reads_told
from crm.logs import told
from whatsapp.gateways.base import DownloadFailed, Gateway, SendFailed
from whatsapp.numbers import Numbers
from whatsapp.patience import AWAY, PAUSE_SECONDS, Interrupted, once, within

log = structlog.get_logger(__name__)

POLL_SECONDS = 2.0
PAUSE_AFTER_REFUSAL = 60.0
PAUSE_WITHOUT_STORAGE = 30.0


class Chores(threading.Thread):
    """`wake` rings when there may be something to do; nothing is done unless `online` is set."""

    def __init__(self, *, gateway: Gateway, inbox_id: int, numbers: Numbers, online: threading.Event) -> None:
        super().__init__(name="chores", daemon=True)
        self.gateway, self.inbox_id, self.numbers, self.online = gateway, inbox_id, numbers, online
        self.wake, self.stopping = threading.Event(), numbers.stop
        self.files_at = 0.0  # no file before: the storage is away
        self.refused: dict[int, float] = {}  # conversations whose ticks WhatsApp would not take, until when

    def run(self) -> None:
        while not self.stopping.is_set():
            self.wake.clear()
            try:
                self.wake.wait(self._turn() if self.online.is_set() else POLL_SECONDS / 4)
            except Interrupted:
                return
            except AWAY as error:
                log.warning("database_away", error=type(error).__name__)
                self.stopping.wait(PAUSE_SECONDS)
            except Exception as error:  # of whatever kind: a chore must not end all others
                log.error("chore_broke", inbox=self.inbox_id, **told(error))
                self.stopping.wait(PAUSE_SECONDS)

    def _turn(self) -> float:
        """A little of everything; seconds until there may be more."""
        self.numbers.step()
        if settings.WHATSAPP_READ_RECEIPTS:
            self._tell_reads()
        files = once(lambda: files_due(self.inbox_id, limit=1)) if time.monotonic() >= self.files_at else []
        for file in files:
            self._fetch(file)
        asking = self.numbers.wait()
        return 0 if files else min(POLL_SECONDS, POLL_SECONDS if asking is None else asking)

    # ---- ticks
    def _tell_reads(self) -> None:
        self.refused = {pk: until for pk, until in self.refused.items() if until > time.monotonic()}
        for read in once(lambda: reads_due(self.inbox_id, but=self.refused)):
            if not self._tell(read):
                return

    def _tell(self, read: ReadChat) -> bool:
        """False when the line is down."""
        try:
            if read.provider_ids:
                self.gateway.mark_read(read.chat, read.provider_ids)
        except Exception as error:  # of whatever kind: files and other chats go on
            code = error.code if isinstance(error, SendFailed) else type(error).__name__
            log.info("read_not_shown", conversation=read.conversation_id, code=code)
            self.refused[read.conversation_id] = time.monotonic() + PAUSE_AFTER_REFUSAL
            return self.online.is_set()
        once(lambda: reads_told(conversation_id=read.conversation_id, upto_id=read.upto_id))
        return True

    # ---- files
    def _fetch(self, file: AwaitedFile) -> None:
        if not once(lambda: file_try(message_id=file.message_id)):
            return
        try:
            content = self._download(file)
            once(lambda: file_stored(message_id=file.message_id, content=content))
        except AWAY:
            raise
        except StorageAway as error:
            log.warning("file_not_stored", message=file.message_id, error=str(error))
            self.files_at = time.monotonic() + PAUSE_WITHOUT_STORAGE
            again_in = 2 * PAUSE_WITHOUT_STORAGE  # and another first, should it be this file's fault
            once(lambda: file_not_tried(message_id=file.message_id, again_in=again_in))
        except DownloadFailed as error:
            self._not_fetched(file, str(error), gone=error.gone)
        except Exception as error:
            log.warning("file_broke", message=file.message_id, **told(error))
            self._not_fetched(file, type(error).__name__, gone=False)

    def _download(self, file: AwaitedFile) -> bytes:
        """The gateway's call may never return: then it is left to itself. Raises DownloadFailed."""
        try:
            return within(settings.WHATSAPP_MEDIA_SECONDS, lambda: self.gateway.download(file.media))
        except TimeoutError as error:
            raise DownloadFailed("too slow") from error

    def _not_fetched(self, file: AwaitedFile, reason: str, *, gone: bool) -> None:
        if not gone and not self.online.is_set():  # the line, not the file
            once(lambda: file_not_tried(message_id=file.message_id))
            return
        log.warning("file_not_fetched", message=file.message_id, reason=reason, gone=gone)
        once(lambda: file_failed(message_id=file.message_id, gone=gone))
