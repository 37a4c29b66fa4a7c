"""What a production start refuses, each with a sentence that says what to do."""

import base64
import re

from django.core.exceptions import ImproperlyConfigured

from crm.core.limits import parse_rate


def refuse_unsafe(*, debug: bool, secret_key: str, simulator: bool, demo: bool) -> None:
    """Stop settings from loading when they are unsafe. Raises ImproperlyConfigured."""
    if not secret_key:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing. Set it to a long random text, for example the output of: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    if debug:
        return
    if len(secret_key) < 32:
        raise ImproperlyConfigured("SECRET_KEY is too short for production: use 32 characters or more.")
    if simulator:
        raise ImproperlyConfigured("SIMULATOR_ENABLED=1 is for development: unset it, or start with DEBUG=1.")
    if demo:
        raise ImproperlyConfigured("DEMO_ENABLED=1 creates logins with a known password: unset it in production.")


def refuse_odd_admin_path(path: str) -> None:
    """Stop settings from loading when the admin would stand in another page's way. Raises ImproperlyConfigured."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,60}", path) or path in TAKEN_PATHS:
        raise ImproperlyConfigured(
            "ADMIN_PATH must be a name of its own, of small letters, digits and dashes, such as ADMIN_PATH=counter-7f."
        )


def refuse_odd_rates(**rates: str) -> None:
    """Stop settings from loading when a limit could not be counted. Raises ImproperlyConfigured."""
    for name, rate in rates.items():
        try:
            parse_rate(rate)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {error}") from error


def refuse_open_origins(origins: list[str]) -> None:
    """Stop settings from loading when pages without an address could call the API. Raises ImproperlyConfigured."""
    if any(not origin.startswith(("https://", "http://")) or "*" in origin for origin in origins):
        raise ImproperlyConfigured(
            "CORS_ALLOWED_ORIGINS must list whole origins, such as CORS_ALLOWED_ORIGINS=https://shop.example.com."
        )


def refuse_open_backups(*, bucket: str, keys: list[str], hour: int) -> None:
    """Stop settings from loading when backups would leave unencrypted. Raises ImproperlyConfigured."""
    if bucket and not keys:
        raise ImproperlyConfigured(f"BACKUP_S3_BUCKET is set and BACKUP_KEY is not. {_MAKE_KEY}")
    for key in keys:
        try:
            known = len(base64.b64decode(key, altchars=b"-_", validate=True)) == 32
        except ValueError:
            known = False
        if not known:
            raise ImproperlyConfigured(f"BACKUP_KEY does not hold keys of 32 bytes in base64. {_MAKE_KEY}")
    if hour > 23:
        raise ImproperlyConfigured(f"BACKUP_HOUR must be 0 to 23, not {hour}.")


def refuse_mail_from_nobody(*, host: str, sender: str) -> None:
    """Stop a start that could send mail but has no address to send it from. Raises ImproperlyConfigured."""
    if host and "@" not in sender:
        raise ImproperlyConfigured(
            "EMAIL_URL is set and DEFAULT_FROM_EMAIL is not: give the address mail comes from, such as "
            "DEFAULT_FROM_EMAIL=crm@example.com."
        )


# First parts of the product's own addresses.
TAKEN_PATHS = frozenset(
    "account alerts analytics api board contato conversations events exports health hint hooks imports language leads "
    "livia login logout media metrics monitoring notifications offline palette privacy queue rotation simulations "
    "simulator static tasks webhooks whatsapp ws".split()
)

_MAKE_KEY = (
    "Make one with the next line, and keep a copy where the server's loss does not reach it: "
    'python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
)


def refuse_demo_logins() -> None:
    """Stop a production server whose database still holds active demo logins. Raises SystemExit.

    With the database out of reach the server starts all the same: sign-in refuses demo logins too.
    """
    from django.conf import settings
    from django.db import Error

    from crm.accounts.models import User

    if settings.DEBUG:
        return
    try:
        found = User.objects.filter(is_demo=True, is_active=True).exists()
    except Error:
        return
    if found:
        raise SystemExit(
            "The database holds active demo logins (known password), which production refuses. "
            "Deactivate them with: python3 run.py manage demo_logins --deactivate"
        )
