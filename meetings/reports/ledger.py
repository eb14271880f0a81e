"""The rows of the ledger that a report may touch, and how what it tells is put into them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from meetings.models import Attendance, Channel, Delegate, ParticipantReport, Presence
from members.models import Organisation

ONLINE = "online"
Span = tuple[dt.datetime | None, dt.datetime | None]


@dataclass(frozen=True)
class Presented:
    """A person as a row of the ledger's delegates would name them."""

    name: str
    email: str
    joined: dt.datetime | None
    left: dt.datetime | None
    minutes: int | None
    person: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.email


@dataclass
class Row:
    """What would become of one organisation's row."""

    organisation: Organisation
    presented: list[Presented]
    stored: Attendance | None
    arrived: dt.datetime | None
    left: dt.datetime | None
    new_people: list[Presented] = field(default_factory=list)
    changed_people: list[tuple[Delegate, Presented]] = field(default_factory=list)
    contradiction: str = ""

    @property
    def is_changed(self) -> bool:
        row = self.stored
        told = row and (row.presence, row.mode, row.arrived_at, row.left_at)
        return told != (Presence.PRESENT, ONLINE, self.arrived, self.left)

    @property
    def state(self) -> str:
        """In a word: "new", "changed" or "unchanged"."""
        if self.stored is None:
            return "new"
        return "changed" if self.is_changed or self.new_people or self.changed_people else "unchanged"


class Ledger:
    """What the ledger holds of a report's scope: one meeting as a whole, or one session. Two queries."""

    def __init__(self, record: ParticipantReport) -> None:
        scope = Attendance.objects.filter(meeting=record.meeting_id, session=record.session_id)
        self.rows = list(scope.order_by("pk"))
        self.own = {row.organisation_id: row for row in self.rows if row.channel == record.channel}
        self.secretariat = {row.organisation_id: row for row in self.rows if row.channel == Channel.SECRETARIAT}
        self.people: dict[int, dict[tuple[str, str], Delegate]] = defaultdict(dict)
        for delegate in Delegate.objects.filter(attendance__in=self.own.values()).order_by("pk"):
            self.people[delegate.attendance_id][delegate.name, delegate.email] = delegate

    @property
    def state(self) -> list[object]:
        """Everything that it holds, to be compared with what it holds later."""
        rows = [
            [row.pk, row.organisation_id, row.channel, row.presence, row.mode, row.arrived_at, row.left_at]
            for row in self.rows
        ]
        delegates = [one for each in self.people.values() for one in each.values()]
        return [rows, [[one.pk, one.name, one.email, one.joined_at, one.left_at, one.minutes] for one in delegates]]

    def row(self, organisation: Organisation, people: Iterable[Presented]) -> Row:
        """Say what would become of an organisation's row; what stands there already is widened, never narrowed."""
        presented = _each_once(people)
        stored = self.own.get(organisation.pk)
        span = _span_of(presented)
        if stored:
            span = _widened((stored.arrived_at, stored.left_at), span)
        row = Row(organisation, presented, stored, *span, contradiction=self._contradiction(organisation))
        known = self.people[stored.pk] if stored else {}
        for one in presented:
            delegate = known.get(one.key)
            if delegate is None:
                row.new_people.append(one)
            elif (wider := _wider(delegate, one)) != _told(delegate):
                row.changed_people.append((delegate, wider))
        return row

    def _contradiction(self, organisation: Organisation) -> str:
        row = self.secretariat.get(organisation.pk)
        if row is None or row.presence == Presence.PRESENT:
            return ""
        return _(
            "The secretariat has recorded “%(presence)s”, and its word counts; the report's will stand beside it."
        ) % {"presence": row.get_presence_display()}


def _each_once(people: Iterable[Presented]) -> list[Presented]:
    """Join those of one name and address, such as three telephones without a name."""
    once: dict[tuple[str, str], Presented] = {}
    for one in people:
        once[one.key] = _joined(once[one.key], one) if one.key in once else one
    return list(once.values())


def _joined(one: Presented, other: Presented) -> Presented:
    span = _widened((one.joined, one.left), (other.joined, other.left))
    minutes = _minutes_of_both(one, other)
    return replace(one, joined=span[0], left=span[1], minutes=minutes, person=one.person or other.person)


def _span_of(people: Iterable[Presented]) -> Span:
    """Give when the first came and when the last left; the latter is not known while somebody had not left."""
    span: Span = (None, None)
    for one in people:
        span = _widened(span, (one.joined, one.left))
    return span


def _widened(one: Span, other: Span) -> Span:
    """Join two spans. One that has begun and not ended leaves the end open; one that is not known says nothing."""
    if one[0] is None or other[0] is None:
        return other if one[0] is None else one
    ends = [end for end in (one[1], other[1]) if end]
    return min(one[0], other[0]), max(ends) if len(ends) == 2 else None


def _minutes_of_both(one: Presented, other: Presented) -> int | None:
    """Add the minutes of two stays that do not overlap; of others, or when in doubt, take the longer."""
    known = [each.minutes for each in (one, other) if each.minutes is not None]
    if len(known) < 2:
        return known[0] if known else None
    first, second = sorted((one, other), key=lambda each: (each.joined is not None, each.joined))
    is_apart = first.joined and first.left and second.joined and first.left < second.joined
    return sum(known) if is_apart else max(known)


def _told(delegate: Delegate) -> Presented:
    minutes, person = delegate.minutes, delegate.person_id
    return Presented(delegate.name, delegate.email, delegate.joined_at, delegate.left_at, minutes, person)


def _wider(delegate: Delegate, one: Presented) -> Presented:
    return _joined(_told(delegate), one)
