"""Approved minutes as a meeting's page shows them to those for whom they are meant."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meetings.models import AgendaItem, Meeting, Minutes, NoteRevision
from meetings.texts import Block, note_blocks

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


@dataclass(frozen=True)
class ItemNote:
    """An agenda item and its note, in paragraphs and lists."""

    item: AgendaItem
    blocks: list[Block]


@dataclass(frozen=True)
class ShownMinutes:
    """Approved minutes, in the order of the agenda."""

    minutes: Minutes
    notes: list[ItemNote]


def read_minutes(user: "User | AnonymousUser", meeting: Meeting) -> ShownMinutes | None:
    """Give the minutes of a meeting, once approved, if the visitor may read them; a query, and two more if so."""
    minutes = Minutes.objects.visible_to(user).approved().filter(meeting=meeting).first()
    if minutes is None:
        return None
    notes = notes_of(user, meeting)
    return ShownMinutes(minutes, notes) if notes else None


def notes_of(user: "User | AnonymousUser", meeting: Meeting) -> list[ItemNote]:
    """Give the present notes of a meeting that a visitor may read, in the order of the agenda; two queries."""
    rows = NoteRevision.objects.visible_to(user).of_meeting(meeting).newest().exclude(text="").select_related("item")
    ordered = rows.order_by("item__session__order", "item__session__starts_at", "item__session", "item__order", "item")
    return [ItemNote(note.item, note_blocks(note.text)) for note in ordered.prefetch_related("item__topics")]
