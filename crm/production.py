"""What a production start refuses, each with a sentence that says what to do."""

import base64

from django.core.exceptions import ImproperlyConfigured


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
