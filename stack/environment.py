"""The environment the product's processes start with."""

import os
from pathlib import Path

from stack.state import secret_key, vapid_key


def product_environment(base: Path, urls: dict[str, str]) -> dict[str, str]:
    """The caller's environment, our servers, and development's defaults wherever the caller said nothing."""
    defaults = {
        "DEBUG": "1",
        "WHATSAPP_SESSION_DIR": str(private_dir(base / "whatsapp")),
        "MEDIA_ROOT": str(private_dir(base / "media")),
        "METRICS_DIR": str(base / "metrics"),
        "BACKUP_DIR": str(base / "backups"),
        "CELERY_BEAT_SCHEDULE": str(base / "beat-schedule"),
        # The Go library under neonize reads it when the process starts: otherwise texts carry a bot tag.
        "NEONIZE_BOT_TAG": "off",
        "PYTHONUNBUFFERED": "1",
    }
    environment = defaults | os.environ | urls | {"DJANGO_SETTINGS_MODULE": "crm.settings"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # every process would compile everything at every start
    if not environment.get("SECRET_KEY"):
        environment["SECRET_KEY"] = secret_key(base)
    if "VAPID_PRIVATE_KEY" not in environment:
        environment["VAPID_PRIVATE_KEY"] = vapid_key(base)
        environment.setdefault("VAPID_SUBJECT", "mailto:livia@example.com")
    return environment


def private_dir(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
