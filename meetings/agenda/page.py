"""What the agenda page shows, read in a fixed number of queries."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from meetings.agenda.merging import Merged
from meetings.agenda.picking import Offers, read_offers
from meetings.agenda.reading import label_of, read_items, read_sessions
from meetings.agenda.rows import Agenda, Row, agenda_of
from meetings.agenda.sums import Sum, starts_of, sum_up
from meetings.models import Meeting, Session
from members.models import User
from workinggroups.models import Topic

MOST_NAMED = 300  # topics that a browser offers while somebody types; every other is found all the same


@dataclass(frozen=True)
class Line:
    """A row with its topics and its begin. `is_kept`: something belongs to the item, so that it cannot be removed."""

    row: Row
    topics: list[Topic]
    starts_at: dt.datetime | None
    is_kept: bool

    @property
    def placeholder(self) -> str:
        """What an item without a title of its own is called."""
        return "; ".join(topic.title for topic in self.topics)

    @property
    def label(self) -> str:
        return self.row.title or self.placeholder


@dataclass(frozen=True)
class Part:
    """A session with its lines, whether they fit, and what is offered to it."""

    session: Session
    lines: list[Line]
    sum: Sum
    offers: Offers = field(default_factory=Offers)


@dataclass(frozen=True)
class AgendaPage:
    """All that the page shows; `merged` when it came back because somebody else wrote meanwhile."""

    parts: list[Part]
    named: list[str]
    merged: Merged | None = None
    theirs: list[Part] = field(default_factory=list)


def read_page(user: User, meeting: Meeting, typed: Agenda | None = None, merged: Merged | None = None) -> AgendaPage:
    """Read the agenda of a meeting with what may be put on it; or lay out one that was typed, or merged."""
    sessions, items = read_sessions(meeting), read_items(meeting)
    agenda = merged.agenda if merged else typed or agenda_of(sessions, items)
    kept = {item.pk for item in items if item.is_kept}  # type: ignore[attr-defined]  # annotated
    rows = [*agenda.rows, *(merged.now.rows if merged else [])]
    keys = {topic for row in rows for topic in row.topics}
    topics = {topic.pk: topic for topic in Topic.objects.visible_to(user).filter(pk__in=keys)}
    offers = read_offers(user, meeting, agenda)
    theirs = [_part(session, merged.now, topics, kept) for session in sessions] if merged else []
    parts = [_part(session, agenda, topics, kept, offers) for session in agenda.sessions]
    return AgendaPage(parts, _named(user), merged, theirs)


def read_lines(user: User, meeting: Meeting) -> AgendaPage:
    """Read the agenda of a meeting for those who only look at it."""
    sessions, items = read_sessions(meeting), read_items(meeting)
    agenda = agenda_of(sessions, items)
    topics = {topic.pk: topic for item in items for topic in item.topics.all()}
    return AgendaPage([_part(session, agenda, topics, set()) for session in sessions], [])


def _part(
    session: Session, agenda: Agenda, topics: dict[int, Topic], kept: set[int], offers: dict[int, Offers] | None = None
) -> Part:
    rows = agenda.of(session.pk)
    lengths = _lengths(rows)
    starts = iter(starts_of(session, lengths))
    lines = [_line(row, topics, None if row.is_removed else next(starts), kept) for row in rows]
    return Part(session, lines, sum_up(session, lengths), (offers or {}).get(session.pk, Offers()))


def _lengths(rows: Iterable[Row]) -> list[int | None]:
    return [row.length for row in rows if not row.is_removed]


def _line(row: Row, topics: dict[int, Topic], starts_at: dt.datetime | None, kept: set[int]) -> Line:
    return Line(row, [topics[key] for key in row.topics if key in topics], starts_at, row.item in kept)


def _named(user: User) -> list[str]:
    """Name topics, each with its group, for the field that finds them by typing."""
    topics = Topic.objects.visible_to(user).select_related("group").order_by("title", "pk")[:MOST_NAMED]
    return [label_of(topic) for topic in topics]
