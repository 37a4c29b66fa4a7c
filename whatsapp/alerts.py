"""What managers are told about a number besides its state: once when it begins, once when it ends."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Alert(models.TextChoices):
    FAILURES = "failures", _("Most connection attempts fail.")
    QR = "qr", _("Many QR codes were shown and none was scanned.")
    MEMORY = "memory", _("The connection uses much memory.")
    OUTBOX = "outbox", _("Messages wait and none leaves.")
    DISK = "disk", _("The server's disk is full. What arrives now waits in memory.")
    SPOOL = "spool", _("Messages arrived and cannot be stored now.")
    SET_ASIDE = "set_aside", _("Messages that arrived could not be stored and were set aside.")


REMEDIES: Mapping[Alert, Any] = {
    Alert.FAILURES: _("Check the phone and the server's internet connection, then press Connect."),
    Alert.QR: _("Pair the phone, or press Disconnect: unused codes make WhatsApp suspicious."),
    Alert.MEMORY: _("It is renewed by itself before it does harm."),
    Alert.OUTBOX: _("Check that the number is connected. If it is, press Disconnect, then Connect."),
    Alert.DISK: _("Ask whoever runs the server to make room at once."),
    Alert.SPOOL: _("They are safe on the server's disk. Ask whoever runs the server to look at its log."),
    Alert.SET_ASIDE: _("Ask whoever runs the server to look at them: they are kept on its disk."),
}

# Clients' messages are at stake.
CRITICAL = frozenset({Alert.OUTBOX, Alert.DISK, Alert.SPOOL})

# Titles of the alerts: message ids.
BEGINS: Mapping[Alert, str] = {
    Alert.FAILURES: gettext_noop("%(name)s: most connection attempts fail"),
    Alert.QR: gettext_noop("%(name)s: many QR codes, and none was scanned"),
    Alert.MEMORY: gettext_noop("%(name)s uses much memory"),
    Alert.OUTBOX: gettext_noop("%(name)s: messages wait and none leaves"),
    Alert.DISK: gettext_noop("%(name)s: the server's disk is full"),
    Alert.SPOOL: gettext_noop("%(name)s: messages arrive and cannot be stored"),
    Alert.SET_ASIDE: gettext_noop("%(name)s: messages were set aside"),
}
ENDS: Mapping[Alert, str] = {
    Alert.FAILURES: gettext_noop("%(name)s: connection attempts no longer fail"),
    Alert.QR: gettext_noop("%(name)s: the QR codes have stopped"),
    Alert.MEMORY: gettext_noop("%(name)s uses less memory again"),
    Alert.OUTBOX: gettext_noop("%(name)s: messages leave again"),
    Alert.DISK: gettext_noop("%(name)s: there is room on the disk again"),
    Alert.SPOOL: gettext_noop("%(name)s: messages are stored again"),
    Alert.SET_ASIDE: gettext_noop("%(name)s: no messages are set aside any more"),
}
