"""The way to the mail server, and what it says when it does not take a mail."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage


class MailError(Exception):
    """The mail server did not take a mail; `is_final` if it never will."""

    def __init__(self, text: str, *, is_final: bool) -> None:
        super().__init__(text)
        self.is_final = is_final


def mail_send(message: EmailMessage) -> None:
    """Hand a mail to one person over. Raises MailError."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise MailError(_said(code, said), is_final=code >= 500) from error
    except smtplib.SMTPResponseException as error:
        raise MailError(_said(error.smtp_code, error.smtp_error), is_final=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(str(error) or type(error).__name__, is_final=False) from error


def mail_headers(name: str) -> dict[str, str]:
    """Sent twice, a mail has one identity (RFC 5322, section 3.6.4), made of what it is about."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return {"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"}


def _said(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
