"""What an unfinished erasure must still know of the person, unreadable in the database and in its backups."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet
from django.conf import settings


def seal(text: str) -> dict[str, str]:
    return {"sealed": _cipher().encrypt(text.encode()).decode()}


def unseal(sealed: dict[str, str]) -> str:
    """Raises cryptography.fernet.InvalidToken once SECRET_KEY was changed."""
    return _cipher().decrypt(sealed["sealed"].encode()).decode()


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(f"erasure {settings.SECRET_KEY}".encode()).digest()))
