"""Documents kept with a lead: taken in if they are what they say, served so that they can do no harm."""

import uuid
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Forbidden, Invalid, NotFound, TooLarge
from crm.core.files import INLINE, file_headers, mime_of, name_clean
from crm.core.work import service
from leads.actors import Actor, person
from leads.models import InteractionKind, Lead, LeadFile
from leads.realtime import publish_page
from leads.services import interaction_add, lead_lock

SHOWN = 200
_ZIPPED = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".zip": "application/zip",
}
_OLD_OFFICE = {
    ".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint",
}  # fmt: skip
_TEXT = {".txt": "text/plain", ".csv": "text/csv", ".ofx": "application/x-ofx", ".xml": "text/xml"}
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1")


def files_of(lead: Lead) -> list[LeadFile]:
    return list(LeadFile.objects.filter(lead=lead, removed_at=None).select_related("uploader")[:SHOWN])


def may_remove(user: User | None, file: LeadFile) -> bool:
    """Everybody their own, managers any."""
    return user is not None and (user.is_manager or file.uploader_id == user.pk)


def document_type(content: bytes, name: str) -> str:
    """The type of a document by what it holds and what it is called; "" for what is not taken in."""
    ending = PurePosixPath(name.lower()).suffix
    found = mime_of(content)
    if found in INLINE or found == "application/pdf":
        return found
    if content[4:12] in _HEIC:
        return "image/heic"
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return _ZIPPED.get(ending, "")
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _OLD_OFFICE.get(ending, "")
    return _TEXT.get(ending, "") if b"\0" not in content[:8192] else ""


def file_keep(*, lead_id: int, upload: UploadedFile, uploader: User) -> LeadFile:
    """Take a document in. Raises Invalid (empty, wrong type), TooLarge, NotFound."""
    content, name = _content_of(upload), name_clean(upload.name) or "arquivo"
    mime = document_type(content, name)
    if not mime:
        text = _("“%(name)s” is of a kind that is not kept here. PDF, pictures, audio, video, Office and text are.")
        raise Invalid(text % {"name": name}, code="wrong_type")
    path = default_storage.save(_path(lead_id, name), ContentFile(content))
    facts = {"name": name, "path": path, "mime": mime, "size": len(content)}
    try:
        return _file_add(lead_id=lead_id, uploader=uploader, facts=facts)
    except (OperationalError, InterfaceError):
        raise  # perhaps it was committed: better a file without a row than a row without its file
    except Exception:
        default_storage.delete(path)
        raise


def _content_of(upload: UploadedFile) -> bytes:
    name = name_clean(upload.name)
    if upload.size and upload.size > settings.WHATSAPP_MEDIA_LIMIT_BYTES:
        text = _("“%(name)s” is too large: at most %(limit)s.")
        limit = filesizeformat(settings.WHATSAPP_MEDIA_LIMIT_BYTES)
        raise TooLarge(text % {"name": name, "limit": limit})
    content = upload.read()
    if not content:
        raise Invalid(_("“%(name)s” is empty.") % {"name": name}, code="empty_file")
    return content


def _path(lead_id: int, name: str) -> str:
    ending = PurePosixPath(name.lower()).suffix
    return str(
        PurePosixPath("leads", str(lead_id), f"{now():%Y}", f"{uuid.uuid4()}{ending if ending.isascii() else ''}")
    )


@service
def _file_add(*, lead_id: int, uploader: User, facts: dict[str, Any]) -> LeadFile:
    lead = lead_lock(lead_id)
    file = LeadFile.objects.create(lead=lead, uploader=uploader, **facts)
    interaction_add(lead, InteractionKind.FILE_ADDED, person(uploader), file=file.pk, name=file.name)
    publish_page(lead)
    return file


@service
def file_remove(*, lead_id: int, file_id: int, actor: Actor) -> None:
    """Take a document away, its bytes too. Raises Forbidden, NotFound."""
    lead = lead_lock(lead_id)
    file = LeadFile.objects.filter(pk=file_id, lead=lead, removed_at=None).first()
    if file is None:
        raise NotFound
    if not may_remove(actor.user, file):
        raise Forbidden(_("Only whoever added a file, or a manager, may remove it."))
    file.removed_at = now()
    file.save(update_fields=["removed_at"])
    interaction_add(lead, InteractionKind.FILE_REMOVED, actor, file=file.pk, name=file.name)
    publish_page(lead)
    transaction.on_commit(lambda: default_storage.delete(file.path), robust=True)


def file_answer(lead: Lead, file_id: int) -> HttpResponse:
    """The document itself. Raises Http404 where there is none (any more)."""
    file = LeadFile.objects.filter(pk=file_id, lead=lead, removed_at=None).first()
    if file is None:
        raise Http404
    try:
        with default_storage.open(file.path) as stored:
            return HttpResponse(stored.read(), headers=file_headers(file.name, file.mime))
    except OSError as error:
        raise Http404(_("This file is no longer there.")) from error
