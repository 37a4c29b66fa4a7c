"""The archive of one person's data: `dados.json` for machines, `index.html` to read and print, and all files.

Written to disk piece by piece: however large the files are, one piece of one of them is in memory.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localtime

from agent.catalogue import business
from crm.core.clock import now
from crm.core.handing_out import moment
from crm.core.privacy import Subject, gather
from crm.privacy.readable import sections_of, threads_of

LANGUAGE = "pt-br"  # the client's, whoever asks for the archive
JSON, HTML = "dados.json", "index.html"
_PIECE = 256 * 1024
Files = list[tuple[str, str]]


def archive_write(target: IO[bytes], *, subject: Subject, number: int, beat: Callable[[], None]) -> None:
    """Write the archive. `number` is what the client's request is called by; `beat` is called again and again."""
    with translation.override(LANGUAGE):
        data = gather(subject)
        files = _files_out_of(data)
        with ZipFile(target, "w", ZIP_DEFLATED, allowZip64=True) as archive:
            missing = [name for name, path in files if not _add(archive, name, path, beat)]
            about = {"number": number, "made_at": moment(now()), "by": business().name, "files_missing": missing}
            _write(archive, JSON, _json({"about": about, **data}))
            beat()
            _write(archive, HTML, [_html(data, number)])


def _files_out_of(data: dict[str, Any]) -> Files:
    """Takes the `<app>_files` out of what was gathered."""
    return [pair for key in [*data] if key.endswith("_files") for pair in data.pop(key)]


def _add(archive: ZipFile, name: str, path: str, beat: Callable[[], None]) -> bool:
    """A stored file as it is: media is packed already. False where there is none (any more)."""
    try:
        with default_storage.open(path) as stored, archive.open(_entry(name, ZIP_STORED), "w", force_zip64=True) as out:
            shutil.copyfileobj(stored, out, _PIECE)
    except FileNotFoundError:
        return False
    beat()
    return True


def _entry(name: str, method: int) -> ZipInfo:
    entry = ZipInfo(name, localtime(now()).timetuple()[:6])
    entry.compress_type, entry.external_attr = method, 0o600 << 16
    return entry


def _write(archive: ZipFile, name: str, texts: Iterator[str] | list[str]) -> None:
    entry = archive.open(_entry(name, ZIP_DEFLATED), "w", force_zip64=True)
    with TextIOWrapper(entry, encoding="utf-8") as out:
        out.writelines(texts)


def _json(data: dict[str, Any]) -> Iterator[str]:
    return json.JSONEncoder(ensure_ascii=False, indent=1, default=str).iterencode(data)


def _html(data: dict[str, Any], number: int) -> str:
    context = {
        "number": number,
        "company": business().name,
        "made_at": now(),
        "name": next((lead["name"] for lead in data.get("leads", []) if lead.get("name")), ""),
        "sections": sections_of(data),
        "threads": threads_of(data),
    }
    return render_to_string("privacy/subject_archive.html", context)
