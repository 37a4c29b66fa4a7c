"""Typed settings from the environment. A value that does not fit stops the start with a sentence.

Every name read here stands in `.env.example`; a test compares the two.
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

_env = environ.Env()
_names: set[str] = set()


def names() -> frozenset[str]:
    """Every environment variable the settings have asked for, for the test of `.env.example`."""
    return frozenset(_names)


def _read(kind: str, name: str, default: Any) -> Any:
    _names.add(name)
    try:
        return getattr(_env, kind)(name, default=default)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} must be a valid {kind}: {error}") from error


def text(name: str, default: str = "") -> str:
    return _read("str", name, default)


def flag(name: str, default: bool) -> bool:
    return _read("bool", name, default)


def choice(name: str, default: str, choices: list[str]) -> str:
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def integer(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    value = _read("int", name, default)
    if value < least:
        raise ImproperlyConfigured(f"{name} must be {least} or more, not {value}.")
    if most is not None and value > most:
        raise ImproperlyConfigured(f"{name} must be {most} or less, not {value}.")
    return value


def number(name: str, default: float, *, least: float = 0.0) -> float:
    value = _read("float", name, default)
    if value < least:
        raise ImproperlyConfigured(f"{name} must be {least} or more, not {value}.")
    return value


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    return _read("list", name, default)


def numbers(name: str, default: list[float], *, count: int | None = None) -> list[float]:
    try:
        found = [float(word) for word in words(name, [str(value) for value in default])]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be numbers separated by commas: {error}") from error
    if count is not None and len(found) != count:
        raise ImproperlyConfigured(f"{name} must be {count} numbers separated by commas, not {len(found)}.")
    return found


def steps(name: str, default: list[float]) -> list[tuple[float, int]]:
    """Limits with what each is worth, `3,20,2,10`: the first one that is passed counts."""
    given = numbers(name, default)
    if len(given) % 2:
        raise ImproperlyConfigured(f"{name} must be pairs of a limit and points, such as 3,20,2,10.")
    return [(limit, int(points)) for limit, points in zip(given[::2], given[1::2], strict=True)]


def mail(name: str) -> dict[str, Any]:
    """A mail server as Django's settings without `EMAIL_`: `smtp://`, `smtp+tls://` (STARTTLS) or `smtp+ssl://`."""
    url = text(name)
    if not url:
        return {"HOST": "", "PORT": 25, "HOST_USER": "", "HOST_PASSWORD": "", "USE_TLS": False, "USE_SSL": False}
    try:
        parts = urlsplit(url)
        port = parts.port or _MAIL_PORTS[parts.scheme]
    except (KeyError, ValueError):
        port = 0
    if not port or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must be like smtp+tls://user:password@mail.example.com:587.")
    return {
        "HOST": parts.hostname,
        "PORT": port,
        "HOST_USER": unquote(parts.username or ""),
        "HOST_PASSWORD": unquote(parts.password or ""),
        "USE_TLS": parts.scheme == "smtp+tls",
        "USE_SSL": parts.scheme == "smtp+ssl",
    }


_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def path(name: str, default: Path) -> Path:
    """A folder; a relative one is taken from the project's root."""
    return BASE_DIR / _read("str", name, str(default))


def database(name: str) -> dict[str, Any]:
    _names.add(name)
    try:
        if not _env.str(name, default=""):
            raise ImproperlyConfigured(f"{name} is empty")
        return _env.db_url(name)
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(
            f"{name} is not set. `python3 run.py` sets it for you; elsewhere give "
            "postgresql://user:password@host:5432/database."
        ) from error
