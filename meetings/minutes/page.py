"""What the minutes page of a meeting shows, read in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils import timezone

from meetings.minutes.comparison import Comparison, compare
from meetings.minutes.notes import StaleNote, tidy
from meetings.minutes.outcomes import arising_by_session, own_group, state_of
from meetings.minutes.saving import Sent
from meetings.models import (
    ActionItem,
    ActionReport,
    AgendaItem,
    Correction,
    Decision,
    Meeting,
    Minutes,
    NoteRevision,
    Session,
)
from meetings.programme import read_programme
from meetings.texts import Block, note_blocks
from members.models import User
from workinggroups.models import WorkingGroup


@dataclass
class ItemPart:
    """An agenda item with its note as the page holds it, and what came out of it."""

    item: AgendaItem
    newest: NoteRevision | None
    text: str
    began_from: int
    stale: "StalePart | None" = None
    decisions: list[Decision] = field(default_factory=list)
    actions: list[ActionItem] = field(default_factory=list)
    new_decision: forms.Form | None = None
    new_action: forms.Form | None = None

    @property
    def blocks(self) -> list[Block]:
        """The present note in paragraphs and lists."""
        return note_blocks(self.newest.text) if self.newest else []

    @property
    def is_adding(self) -> bool:
        """Whether a decision or an action was refused and stands to be mended."""
        return bool(self.new_decision or self.new_action)


@dataclass(frozen=True)
class StalePart:
    """Both texts of a note that came too late, and what each has that the other has not."""

    newest: NoteRevision | None
    mine: str
    is_gone: bool
    comparison: Comparison


@dataclass(frozen=True)
class ArisingPart:
    """An open action of an earlier meeting, with what was typed about it if that was refused."""

    action: ActionItem
    is_overdue: bool
    shown: str
    form: forms.Form | None = None


@dataclass(frozen=True)
class SessionPart:
    """A session with its items and the matters arising."""

    session: Session
    items: list[ItemPart]
    arising: list[ArisingPart]
    group: WorkingGroup | None


@dataclass(frozen=True)
class MinutesPage:
    """All that the page shows. `gone` are texts whose item is no more, `loose` actions of the meeting without item."""

    meeting: Meeting
    minutes: Minutes
    sessions: list[SessionPart]
    loose: list[ActionItem]
    corrections: list[Correction]
    gone: list[StalePart]

    @property
    def stale(self) -> list[ItemPart]:
        """The items whose note was refused."""
        return [item for part in self.sessions for item in part.items if item.stale]

    @property
    def unsaved(self) -> list[ItemPart]:
        """The items whose text was refused although nobody else wrote: what was typed must not get lost."""
        items = (item for part in self.sessions for item in part.items if not item.stale)
        return [item for item in items if tidy(item.text) != (item.newest.text if item.newest else "")]

    @property
    def is_written(self) -> bool:
        """Whether any note has a text."""
        return any(item.newest and item.newest.text for part in self.sessions for item in part.items)


def read_page(user: User, meeting: Meeting, sent: Sent | None = None) -> MinutesPage:
    """Read the minutes of a meeting, with what was typed and refused laid over them."""
    sent = sent or Sent()
    sessions = list(read_programme(user, meeting).sessions)
    minutes = Minutes.objects.visible_to(user).select_related("circulated_by", "approved_by").filter(meeting=meeting)
    stale = {note.typed.item: note for note in sent.notes.stale}
    items, loose = _items(user, meeting, sessions, sent, stale)
    arising = arising_by_session(sessions, arising_at(user, meeting))
    record = minutes.first() or Minutes(meeting=meeting)
    return MinutesPage(
        meeting=meeting,
        minutes=record,
        sessions=[
            SessionPart(
                session,
                [items[item.pk] for item in session.items.all()],
                [_arising(action, sent) for action in arising.get(session.pk, [])],
                own_group(session),
            )
            for session in sessions
        ],
        loose=loose,
        corrections=_corrections(user, record),
        gone=[stale_part(note) for key, note in stale.items() if key not in items],
    )


def arising_at(user: User, meeting: Meeting) -> Any:
    """Give the matters arising at a meeting that a user may see, with what their lines need and their owners' reports."""
    actions = ActionItem.objects.visible_to(user).arising_at(meeting)
    reports = Prefetch("reports", ActionReport.objects.select_related("organisation"))
    return actions.select_related("meeting", "group").prefetch_related("owners", reports)


def stale_part(note: StaleNote) -> StalePart:
    """Lay both texts of a refused note side by side."""
    theirs = note.newest.text if note.newest else ""
    return StalePart(note.newest, note.typed.text, note.is_gone, compare(theirs, note.typed.text))


def _items(
    user: User, meeting: Meeting, sessions: list[Session], sent: Sent, stale: dict[int, StaleNote]
) -> tuple[dict[int, ItemPart], list[ActionItem]]:
    """Give each item's part, and the actions that were opened at the meeting without an item."""
    notes = NoteRevision.objects.visible_to(user).of_meeting(meeting).newest().select_related("by")
    newest = {note.item_id: note for note in notes}
    decisions, actions = defaultdict(list), defaultdict(list)
    for decision in Decision.objects.visible_to(user).filter(meeting=meeting):
        decisions[decision.item_id].append(decision)
    opened = ActionItem.objects.visible_to(user).filter(meeting=meeting).select_related("group")
    for action in opened.prefetch_related("owners"):
        actions[action.item_id].append(action)
    parts = {}
    for item in (item for session in sessions for item in session.items.all()):
        part = _item(item, newest.get(item.pk), sent, stale.get(item.pk))
        part.decisions, part.actions = decisions[item.pk], actions[item.pk]
        parts[item.pk] = part
    return parts, actions[None]


def _item(item: AgendaItem, newest: NoteRevision | None, sent: Sent, stale: StaleNote | None) -> ItemPart:
    text = newest.text if newest else ""
    if stale:
        text = stale.typed.text
    elif sent.refusal and item.pk in sent.typed:
        text = sent.typed[item.pk].text
    return ItemPart(
        item=item,
        newest=newest,
        text=text,
        began_from=newest.number if newest else 0,
        stale=stale_part(stale) if stale else None,
        new_decision=sent.decisions.get(item.pk),
        new_action=sent.actions.get(item.pk),
    )


def _arising(action: ActionItem, sent: Sent) -> ArisingPart:
    return ArisingPart(
        action, action.is_overdue(timezone.localdate()), state_of(action), sent.follow_ups.get(action.pk)
    )


def _corrections(user: User, minutes: Minutes) -> list[Correction]:
    if minutes._state.adding:
        return []
    rows = Correction.objects.visible_to(user).filter(minutes=minutes)
    return list(
        rows.select_related("organisation", "item", "recorded_by", "settled_by").prefetch_related("item__topics")
    )
