"""Notes to agenda items: every save is a revision, a save that comes too late is refused, and none is lost."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from meetings.models import AgendaItem, Meeting, MeetingStatus, Minutes, NoteRevision
from members.history import lock
from members.models import User

LONGEST = 50_000


@dataclass(frozen=True)
class TypedNote:
    """A note as somebody typed it, and the number of the revision that they began from; 0 for none."""

    item: int
    text: str
    began_from: int


@dataclass(frozen=True)
class StaleNote:
    """A note that was not saved: somebody else saved the item's meanwhile, or the item is no more."""

    typed: TypedNote
    newest: NoteRevision | None
    is_gone: bool = False


@dataclass
class SavedNotes:
    """What a save did: the newest revision of each item, how many are new, and what was refused."""

    newest: dict[int, NoteRevision] = field(default_factory=dict)
    number: int = 0
    stale: list[StaleNote] = field(default_factory=list)


@transaction.atomic
def save_notes(meeting: Meeting, typed: Collection[TypedNote], *, by: User) -> SavedNotes:
    """Save notes to items of a meeting, each as a new revision, all in one transaction.

    A text that is the newest already, or that nobody typed over, makes no revision. One that began from another revision
    than the newest is left unsaved and given back. Raises ValidationError when the minutes are approved, or a note is too
    long.
    """
    lock(Meeting, meeting.pk)
    newest = _newest(meeting, typed)
    items = set(AgendaItem.objects.filter(session__meeting=meeting).values_list("pk", flat=True))
    saved = SavedNotes(newest)
    changed = _changed(typed, newest)
    if changed:
        refuse_approved(meeting)
    for note in changed:
        last = newest.get(note.item)
        if note.item not in items or note.began_from != (last.number if last else 0):
            saved.stale.append(StaleNote(note, last, is_gone=note.item not in items))
        else:
            newest[note.item] = _save(note.item, tidy(note.text), last, by=by)
            saved.number += 1
    return saved


@transaction.atomic
def restore_note(revision: NoteRevision, *, began_from: int, by: User) -> NoteRevision:
    """Bring an earlier revision of a note back, as a new one.

    Raises ValidationError when the minutes are approved, when the note was saved since the page was opened, or when the
    newest revision says the same.
    """
    meeting = revision.item.session.meeting
    lock(Meeting, meeting.pk)
    refuse_approved(meeting)
    last = NoteRevision.objects.newest().get(item=revision.item_id)
    if last.number != began_from:
        raise ValidationError(_("Somebody saved this note meanwhile: look at the newest revision, then choose again."))
    if last.text == revision.text:
        raise ValidationError(_("The note says this already."))
    return _save(revision.item_id, revision.text, last, by=by, restores=revision)


def refuse_approved(meeting: Meeting) -> None:
    """Raises ValidationError when the minutes of a meeting are approved, or it is closed: nothing in them changes any more."""
    if Meeting.objects.filter(pk=meeting.pk, status=MeetingStatus.CLOSED).exists():
        raise ValidationError(
            _("The meeting is closed and its record frozen: reopen it, with a reason, to change its minutes.")
        )
    if Minutes.objects.approved().filter(meeting=meeting).exists():
        raise ValidationError(_("The minutes are approved: reopen them, with a reason, to change what they say."))


def tidy(text: str) -> str:
    """Give a text as it is kept: one kind of line ends, nothing behind the last word of a line, no empty lines around."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip("\n")


def _newest(meeting: Meeting, typed: Iterable[TypedNote]) -> dict[int, NoteRevision]:
    rows = NoteRevision.objects.of_meeting(meeting).newest().filter(item__in=[note.item for note in typed])
    return {row.item_id: row for row in rows.select_related("by")}


def _changed(typed: Iterable[TypedNote], newest: dict[int, NoteRevision]) -> list[TypedNote]:
    """Keep the notes that say something else than the newest revision, and than the one that they began from."""
    other = [note for note in typed if tidy(note.text) != _text(newest.get(note.item))]
    late = {
        (note.item, note.began_from)
        for note in other
        if note.item in newest and note.began_from != newest[note.item].number
    }
    asked = Q(*(Q(item=item, number=number) for item, number in late), _connector=Q.OR)
    began = {(row.item_id, row.number): row.text for row in NoteRevision.objects.filter(asked)} if late else {}
    shown = began | {(item, 0): "" for item, number in late if number == 0}
    return [note for note in other if shown.get((note.item, note.began_from)) != tidy(note.text)]


def _text(revision: NoteRevision | None) -> str:
    return revision.text if revision else ""


def _save(
    item: int, text: str, last: NoteRevision | None, *, by: User, restores: NoteRevision | None = None
) -> NoteRevision:
    if len(text) > LONGEST:
        raise ValidationError(_("A note has at most %(most)d characters: part the item in two.") % {"most": LONGEST})
    number = last.number + 1 if last else 1
    return NoteRevision.objects.create(item_id=item, number=number, text=text, by=by, restores=restores)
