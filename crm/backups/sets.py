"""A set in the storage: its parts, and a manifest that is written last. Without one it is no backup yet.

<prefix>/sets/<moment>/database.dump  media.tar  manifest
"""

import io
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from crm.backups.errors import BackupError
from crm.backups.sealing import MAGIC, Unsealable, opened, sealed
from crm.core.object_store import Store

FORMAT = 1
DATABASE, MEDIA, SESSIONS = KINDS = ("database", "media", "sessions")
FILES = {DATABASE: "database.dump", MEDIA: "media.tar"}
MANIFEST = "manifest"
_MOMENT = "%Y%m%dT%H%M%S.%fZ"


@dataclass
class Manifest:
    """`parts` by kind: `bytes` as read, `stored` and `sha256` as they lie there, `seconds`, and `files` of media.
    `rows` counts the tables at the moment of the dump; `sessions` names the copy of each number's credentials."""

    name: str
    created: str
    version: str = ""
    postgres: str = ""
    format: int = FORMAT
    migrations: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)


def prefix() -> str:
    return f"{settings.BACKUP_S3_PREFIX}/sets/"


def key_of(name: str, file: str) -> str:
    return f"{prefix()}{name}/{file}"


def seal_name(name: str, file: str) -> str:
    """What a stream is sealed as: so that no part of another set passes for one of this."""
    return f"{name}/{file}"


def names(store: Store) -> dict[str, set[str]]:
    """The sets there are, oldest first, with their files; those without a manifest are not whole."""
    found: dict[str, set[str]] = {}
    for key in store.keys(prefix()):
        name, _, file = key.removeprefix(prefix()).partition("/")
        found.setdefault(name, set()).add(file)
    return found


def manifest_write(store: Store, manifest: Manifest) -> None:
    plain = io.BytesIO(json.dumps(asdict(manifest)).encode())
    store.put(key_of(manifest.name, MANIFEST), sealed(plain, seal_name(manifest.name, MANIFEST)).read())


def manifest_read(store: Store, name: str) -> Manifest:
    """Raises BackupError for what no manifest of ours is."""
    data = store.get(key_of(name, MANIFEST))
    if data.startswith(MAGIC) and not settings.BACKUP_KEY:
        raise BackupError(f"The backup {name} is encrypted: set BACKUP_KEY to the key it was made with.")
    try:
        manifest = Manifest(**json.loads(opened(io.BytesIO(data), seal_name(name, MANIFEST)).read()))
    except Unsealable as error:
        raise BackupError(f"The backup {name} cannot be used. {error}") from error
    except (TypeError, ValueError) as error:
        raise BackupError(f"The backup {name} cannot be used: its manifest is damaged.") from error
    if manifest.format != FORMAT or manifest.name != name:
        raise BackupError(f"The backup {name} cannot be used: it was made by another version of the product.")
    return manifest


def remove(store: Store, name: str, files: set[str]) -> None:
    """The manifest first: what is half gone is no backup."""
    for file in sorted(files, key=lambda file: file != MANIFEST):
        store.delete(key_of(name, file))


def prune(store: Store) -> list[str]:
    """The newest BACKUP_KEEP of each part stay; the names of the sets that went."""
    found = names(store)
    whole = [name for name in sorted(found, reverse=True) if MANIFEST in found[name]]
    kept = {name for file in FILES.values() for name in [n for n in whole if file in found[n]][: settings.BACKUP_KEEP]}
    gone = [name for name in found if name not in kept]
    for name in gone:
        remove(store, name, found[name])
    return gone


def name_at(moment: datetime) -> str:
    return moment.strftime(_MOMENT)


def moment_of(name: str) -> datetime:
    """When the set of this name was begun."""
    return datetime.strptime(name + "+0000", _MOMENT + "%z")
