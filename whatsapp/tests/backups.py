"""What the tests of backups share."""

import io
import sqlite3
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.management import call_command

KEY = Fernet.generate_key().decode()


def fill(path: Path, word: str, mode: str = "DELETE") -> None:
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA journal_mode = {mode}")
        database.execute("CREATE TABLE IF NOT EXISTS keys (n INTEGER PRIMARY KEY, word TEXT)")
        database.execute("INSERT INTO keys (word) VALUES (?)", [word])
    database.close()


def words(path: Path) -> list[str]:
    database = sqlite3.connect(path)
    try:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [word for (word,) in database.execute("SELECT word FROM keys ORDER BY n")]
    finally:
        database.close()


def whatsapp(*arguments: object) -> str:
    out = io.StringIO()
    call_command("whatsapp", *map(str, arguments), stdout=out)
    return out.getvalue()


def keys(s3) -> list[str]:
    return sorted(row.key for row in s3.objects.all())


def listing(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
