"""What goes wrong in backups: always a sentence for the operator."""

import psycopg
from django.db import Error as DjangoDatabaseError

from crm.core.object_store import ObjectStoreError
from whatsapp.backup import BackupError as SessionBackupError


class BackupError(Exception):
    """A backup or a restore that did not happen; the text says why."""


FAULTS = (BackupError, SessionBackupError, ObjectStoreError, psycopg.Error, DjangoDatabaseError, OSError)
