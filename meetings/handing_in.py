"""Papers that organisations hand in for a meeting: presentations, reports, whatever is to lie on the table."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import Audience, Document, Meeting, Session
from meetings.permissions import may_hand_in, open_for_papers
from members.history import acting, lock
from members.models import Organisation, User
from members.rights import organisations_of


@dataclass(frozen=True)
class Paper:
    """What is handed in. `audience` may be `public`, which is a wish: the secretariat decides."""

    title: str
    kind: str
    language: str
    file: Any
    audience: str
    note: str = ""


@transaction.atomic
def hand_in(
    meeting: Meeting, session: Session | None, organisation: Organisation, paper: Paper, *, by: User
) -> Document:
    """Keep a paper of an organisation among those of a meeting; what it wishes to be public is for members until then.

    Raises PermissionDenied for whoever may not, ValidationError naming the field that is wrong.
    """
    lock(Meeting, meeting.pk)
    if not may_hand_in(by, organisation, meeting, session):
        raise PermissionDenied
    wishes = paper.audience == Audience.PUBLIC
    document = Document(
        meeting=meeting, session=session, kind=paper.kind, title=paper.title.strip(), language=paper.language, file=paper.file,
        audience=Audience.MEMBERS if wishes else paper.audience, wished_audience=Audience.PUBLIC if wishes else "",
        handed_in_by=organisation, handed_in_through=by, handed_in_at=timezone.now(), dated=timezone.localdate(),
    )  # fmt: skip
    document.full_clean()
    _save(document, paper.note, by)
    return document


@transaction.atomic
def replace_file(document: Document, file: Any, note: str, *, by: User) -> Document:
    """Make a file the next version of an organisation's own paper; the former one stays.

    Raises PermissionDenied for a paper that is not theirs, or of a meeting that takes none any more; ValidationError for a
    file that cannot be kept.
    """
    lock(Document, document.pk)
    document = Document.objects.select_related("meeting").get(pk=document.pk)
    if not may_replace(by, document):
        raise PermissionDenied
    document.file, document.dated = file, timezone.localdate()
    document.full_clean()
    _save(document, note, by)
    return document


def _save(document: Document, note: str, by: User) -> None:
    with acting(user=by):
        document.save()
        version = document.versions.order_by("-number").first()
        if version and note.strip():
            version.note = note.strip()
            version.save()


@transaction.atomic
def withdraw(document: Document, *, by: User) -> None:
    """Take an organisation's own paper back, with all its versions; the history keeps what it was.

    Raises PermissionDenied for a paper that is not theirs, ValidationError once the meeting has begun or the secretariat
    has made it public.
    """
    lock(Document, document.pk)
    document = Document.objects.select_related("meeting").get(pk=document.pk)
    if not is_own(by, document):
        raise PermissionDenied
    if not may_withdraw(by, document):
        raise ValidationError(
            _("A paper can be taken back until its meeting begins, while it is not public. Write to the secretariat.")
        )
    with acting(user=by):
        document.delete()


def is_own(user: User, document: Document) -> bool:
    """Whether an organisation handed a paper in for which somebody speaks today."""
    key = document.handed_in_by_id
    return key is not None and organisations_of(user).filter(pk=key).exists()


def may_replace(user: User, document: Document) -> bool:
    """Whether somebody may hand in a new version: their organisation's paper, of a meeting that still takes papers."""
    meeting = document.meeting_id
    return meeting is not None and is_own(user, document) and open_for_papers(user).filter(pk=meeting).exists()


def may_withdraw(user: User, document: Document) -> bool:
    """Whether somebody may take a paper back: theirs, not public, and before the first day of its meeting."""
    meeting = document.meeting
    begins = meeting is not None and timezone.localdate() < meeting.start_on
    return begins and document.audience != Audience.PUBLIC and is_own(user, document)
