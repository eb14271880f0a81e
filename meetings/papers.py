"""A meeting's documents and photos as its page shows them."""

from typing import TYPE_CHECKING, Any

from meetings.models import Audience, Document, Meeting, Photo
from members.languages import language_name

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


def papers_of(user: "User | AnonymousUser", meeting: Meeting) -> list[dict[str, Any]]:
    """Give the documents that a visitor may see, as `components/document_row.html` takes them."""
    documents = Document.objects.visible_to(user).filter(meeting=meeting).prefetch_related("versions")
    return [paper_row(document) for document in documents]


def paper_row(document: Document) -> dict[str, Any]:
    """Give a document as `components/document_row.html` takes it; asks no query where `versions` was prefetched."""
    return {
        "document": document,
        "language": language_name(document.language),
        "size": _size(document),
        "audience": "" if document.audience == Audience.PUBLIC else document.get_audience_display(),
    }


def _size(document: Document) -> int:
    """The file's size in bytes; 0 for one that is kept elsewhere, or that is gone from the store."""
    try:
        return document.file.size if document.file else 0
    except OSError:
        return 0


def photos_of(user: "User | AnonymousUser", meeting: Meeting) -> list[Photo]:
    """Give the photos that a visitor may see."""
    return list(Photo.objects.visible_to(user).filter(meeting=meeting))
