"""Documents as uploaded: what is taken, under which name it is kept."""

import secrets
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from members.names import search_text

if TYPE_CHECKING:
    from meetings.models import ActionReport, Document

MAX_BYTES = 40 * 1024 * 1024

# Ending → media type, and how the file has to begin.
KINDS: dict[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", b"PK"),
    ".odt": ("application/vnd.oasis.opendocument.text", b"PK"),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", b"PK"),
    ".odp": ("application/vnd.oasis.opendocument.presentation", b"PK"),
}


def check_document(file: Any) -> None:
    """Refuse a file that is too large, of no kind that we keep, or not what its ending says. Raises ValidationError.

    What is kept already was looked at when it came, and is not opened again.
    """
    if getattr(file, "_committed", False):
        return
    ending = PurePosixPath(file.name).suffix.lower()
    if ending not in KINDS:
        raise ValidationError(
            _("Documents are kept as %(kinds)s; save the file as one of these."),
            params={"kinds": ", ".join(sorted(KINDS))},
        )
    if file.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 40 MB: save it smaller, or give its address elsewhere."))
    content: File[bytes] = file.file if hasattr(file, "file") else file
    content.seek(0)
    begins_right = content.read(8).startswith(KINDS[ending][1])
    content.seek(0)
    if not begins_right or (KINDS[ending][1] == b"PK" and not zipfile.is_zipfile(content)):
        raise ValidationError(
            _("The file's content is not what its ending “%(ending)s” says."), params={"ending": ending}
        )
    content.seek(0)


def document_path(document: "Document", filename: str) -> str:
    """Give the name to keep an upload under: readable, and not to be guessed."""
    return _path_in("documents", filename)


def evidence_path(report: "ActionReport", filename: str) -> str:
    """Give the name to keep a report's evidence under: readable, and not to be guessed."""
    return _path_in("evidence", filename)


def _path_in(folder: str, filename: str) -> str:
    path = PurePosixPath(filename)
    readable = slugify(search_text(path.stem))[:60] or "document"
    return f"{folder}/{secrets.token_urlsafe(9)}/{readable}{path.suffix.lower()}"
