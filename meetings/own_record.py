"""The attendance record of one organisation: where it was, where it was excused or missing, and where nobody knows."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.attendance import Attendee
from meetings.models import FOR_ALL, Attendance, Invitation, Meeting, Presence
from meetings.participation import COUNTED_OVER
from members.models import MembershipChange, Organisation, Status
from members.register import Period, period_on

UNKNOWN = "unknown"
OUTCOMES = {**dict(Presence.choices), UNKNOWN: _("not known")}


@dataclass(frozen=True)
class Word:
    """What one source says of the organisation."""

    channel: str
    presence: str
    session: str


@dataclass(frozen=True)
class OwnMeeting:
    """A meeting that concerned an organisation, and what the ledger says of it there."""

    meeting: Meeting
    attendee: Attendee

    @property
    def outcome(self) -> str:
        """One of present, excused, absent and unknown.

        Present by the ledger's one rule; else excused or absent as a source says; absent also where every member city
        was called, the list is complete and does not name it.
        """
        if self.attendee.attended:
            return Presence.PRESENT.value
        said = {row.presence for row in self.attendee.rows}
        if Presence.EXCUSED in said:
            return Presence.EXCUSED.value
        missing = Presence.ABSENT in said or self.is_inferred
        return Presence.ABSENT.value if missing else UNKNOWN

    @property
    def is_inferred(self) -> bool:
        """Whether it was missing by a complete list that does not name it, and no source says so itself."""
        return not self.attendee.rows and self.meeting.tells_who_was_missing and self.attendee.status == Status.MEMBER

    @property
    def label(self) -> str:
        """The outcome in words."""
        return str(OUTCOMES[self.outcome])

    @property
    def words(self) -> list[Word]:
        """What each source says."""
        return [
            Word(row.get_channel_display(), row.get_presence_display(), str(row.session) if row.session else "")
            for row in self.attendee.rows
        ]


@dataclass(frozen=True)
class OwnRecord:
    """The meetings that concerned an organisation, the latest first; `is_cut` when there are more than are counted."""

    meetings: list[OwnMeeting]
    is_cut: bool = False

    def count(self, outcome: str) -> int:
        return sum(own.outcome == outcome for own in self.meetings)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """Each outcome with its label and its number."""
        return [(outcome, str(label), self.count(outcome)) for outcome, label in OUTCOMES.items()]

    @property
    def years(self) -> list[tuple[int, list[int], int]]:
        """Each year, the latest first, with its number of each outcome and of all meetings."""
        by_year: dict[int, Counter[str]] = defaultdict(Counter)
        for own in self.meetings:
            by_year[own.meeting.start_on.year][own.outcome] += 1
        return [
            (year, [numbers[outcome] for outcome in OUTCOMES], numbers.total())
            for year, numbers in sorted(by_year.items(), reverse=True)
        ]


def read_own_record(
    organisation: Organisation, membership: Sequence[Period[MembershipChange]], *,
    since: dt.date | None = None, until: dt.date,
) -> OwnRecord:  # fmt: skip
    """Read where an organisation was, at the public meetings that took place and concerned it; five queries.

    Those are: where the ledger speaks of it, where it was invited, and those to which every member city is called while
    it was one. Takes its membership as `members.register.periods`, and the days; looks at the latest `COUNTED_OVER`.
    """
    rows = Attendance.objects.filter(organisation=organisation).order_by().values("meeting")
    asked = Invitation.objects.filter(organisation=organisation).order_by().values("meeting")
    held = Meeting.objects.visible_to(AnonymousUser()).that_took_place().filter(last_day__lte=until)
    if since:
        held = held.filter(last_day__gte=since)
    concerning = held.filter(Q(pk__in=rows) | Q(pk__in=asked) | Q(kind__in=FOR_ALL)).order_by("-start_on", "-pk")
    found = list(concerning.select_related("host_city").defer("report", "search")[: COUNTED_OVER + 1])
    named = set(rows.filter(meeting__in=found).values_list("meeting", flat=True)) | set(
        asked.filter(meeting__in=found).values_list("meeting", flat=True)
    )
    own = [_own(organisation, meeting, membership) for meeting in found[:COUNTED_OVER]]
    concerned = [each for each in own if each.meeting.pk in named or each.attendee.status == Status.MEMBER]
    _read_rows(concerned)
    return OwnRecord(concerned, is_cut=len(found) > COUNTED_OVER)


def _own(organisation: Organisation, meeting: Meeting, membership: Sequence[Period[MembershipChange]]) -> OwnMeeting:
    spell = period_on(membership, meeting.known_by)
    return OwnMeeting(meeting, Attendee(organisation, spell.change.status if spell else None))


def _read_rows(own: Sequence[OwnMeeting]) -> None:
    """Give each meeting the rows of the ledger that speak of the organisation there."""
    attendees = {each.meeting.pk: each.attendee for each in own}
    organisations = {each.attendee.organisation.pk for each in own}
    rows = Attendance.objects.filter(meeting__in=attendees, organisation__in=organisations).with_counted()
    for row in rows.select_related("session__meeting").prefetch_related("session__working_groups").order_by("pk"):
        attendees[row.meeting_id].rows.append(row)
