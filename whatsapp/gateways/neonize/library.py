"""The library, loaded so that it neither takes over our logging nor writes clients' numbers into it."""

import logging
import re

import pylibmagic  # noqa: F401  (neonize needs libmagic; this brings it)

_root = logging.getLogger()
_handlers, _level = _root.handlers[:], _root.level
from neonize import events  # noqa: E402
from neonize._binder import ProxySettings  # noqa: E402
from neonize.client import NewClient  # noqa: E402
from neonize.exc import DownloadError, NeonizeError  # noqa: E402
from neonize.proto import Neonize_pb2 as proto  # noqa: E402
from neonize.proto.waCompanionReg.WAWebProtobufsCompanionReg_pb2 import DeviceProps  # noqa: E402
from neonize.proto.waE2E import WAWebProtobufsE2E_pb2 as e2e  # noqa: E402
from neonize.utils import enum  # noqa: E402

_root.handlers[:], _root.level = _handlers, _level  # its import calls logging.basicConfig

_LONG_NUMBER = re.compile(r"\d{6,}")


class _WithoutNumbers(logging.Handler):
    """Phones, LIDs and ids of messages never reach a log: the rest is passed on to where all logs go."""

    def emit(self, record: logging.LogRecord) -> None:
        record.msg, record.args = _LONG_NUMBER.sub("…", record.getMessage()), None
        record.exc_info = record.exc_text = None
        _root.handle(record)


for _name in ("neonize", "whatsmeow", "Whatsmeow"):
    _logger = logging.getLogger(_name)
    _logger.handlers, _logger.propagate = [_WithoutNumbers()], False
    _logger.setLevel(logging.ERROR)
logging.getLogger("neonize.utils.log").setLevel(logging.WARNING)  # what the Go side is asked to report

__all__ = [
    "DeviceProps",
    "DownloadError",
    "NeonizeError",
    "NewClient",
    "ProxySettings",
    "e2e",
    "enum",
    "events",
    "proto",
]
