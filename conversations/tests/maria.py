"""Maria's names on WhatsApp, and a job that may fail in a thread of its own."""

from collections.abc import Callable

from django.db import connection

LID, CHAT = "77001122", "77001122@lid"
PHONE = "5511998123340"


def attempt(job: Callable[[], object]) -> Exception | None:
    """What the job raised; its thread's database connection is closed."""
    try:
        job()
    except Exception as error:
        return error
    finally:
        connection.close()
    return None
