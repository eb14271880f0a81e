"""What the record holds of a period, read once: its meetings, and who came by the ledger's one rule."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from b40.yearly.period import EVERYBODY, ReportPeriod
from meetings.models import FOR_ALL, Attendance, Meeting, MeetingKind, Session
from members.models import Kind
from workinggroups.models import WorkingGroup


class Presence(NamedTuple):
    """One counted row of the ledger."""

    organisation: int
    meeting: int
    session: int | None
    kind: str
    country: str | None


@dataclass(frozen=True)
class PeriodRecord:
    """The meetings of a period that everybody may see, and who came to those that took place."""

    period: ReportPeriod
    meetings: list[Meeting]
    presences: list[Presence]

    @cached_property
    def held(self) -> list[Meeting]:
        return [meeting for meeting in self.meetings if meeting.took_place]

    @cached_property
    def rounds(self) -> list[Meeting]:
        """The rounds of the working groups."""
        return [meeting for meeting in self.held if meeting.kind == MeetingKind.WORKING_GROUPS]

    @cached_property
    def for_all(self) -> list[Meeting]:
        """The meetings to which every member city is called."""
        return [meeting for meeting in self.held if meeting.kind in FOR_ALL]

    @cached_property
    def of_cities(self) -> list[Presence]:
        return [presence for presence in self.presences if presence.kind == Kind.CITY]

    @cached_property
    def others(self) -> dict[int, set[int]]:
        """The meetings that each body which is no city attended."""
        return _meetings_by(
            (presence.organisation, presence) for presence in self.presences if presence.kind != Kind.CITY
        )

    @cached_property
    def cities(self) -> dict[int, set[int]]:
        """The meetings that each city attended."""
        return _meetings_by((presence.organisation, presence) for presence in self.of_cities)

    @cached_property
    def cities_at(self) -> dict[int, set[int]]:
        """The cities that attended each meeting."""
        at: dict[int, set[int]] = defaultdict(set)
        for presence in self.of_cities:
            at[presence.meeting].add(presence.organisation)
        return at

    @cached_property
    def cities_of(self) -> dict[str | None, set[int]]:
        """The cities of each country that attended any meeting."""
        of: dict[str | None, set[int]] = defaultdict(set)
        for presence in self.of_cities:
            of[presence.country].add(presence.organisation)
        return of

    @property
    def visits(self) -> int:
        """How often a city came: once for each city and meeting."""
        return sum(len(meetings) for meetings in self.cities.values())

    @property
    def incomplete(self) -> int:
        """Of how many meetings that took place the list of cities is not complete."""
        return sum(not meeting.attendance_complete for meeting in self.held)


def read_record(period: ReportPeriod) -> PeriodRecord:
    """Read a period; two queries, and one for the end of a term."""
    meetings = list(period.meetings().select_related("host_city"))
    held = [meeting.pk for meeting in meetings if meeting.took_place]
    rows = Attendance.objects.visible_to(EVERYBODY).counted().filter(meeting__in=held).order_by()
    columns = ("organisation", "meeting", "session", "organisation__kind", "organisation__country")
    return PeriodRecord(period, meetings, [Presence(*row) for row in rows.values_list(*columns)])


def _meetings_by(pairs: Iterable[tuple[int, Presence]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for key, presence in pairs:
        found[key].add(presence.meeting)
    return found


@dataclass(frozen=True)
class GroupTurnout:
    """One working group over a period: its meetings, and the cities that came for it."""

    group: WorkingGroup
    meetings: int
    cities: int
    visits: int


def read_groups(record: PeriodRecord) -> list[GroupTurnout]:
    """Read who came for each working group; two queries.

    A row of a session counts for that session's groups alone; a row of a whole meeting for every group that met there.
    """
    links = Session.working_groups.through.objects.filter(session__meeting__in=[each.pk for each in record.held])
    of_session: dict[int, set[int]] = defaultdict(set)
    of_meeting: dict[int, set[int]] = defaultdict(set)
    for session, meeting, group in links.values_list("session", "session__meeting", "workinggroup"):
        of_session[session].add(group)
        of_meeting[meeting].add(group)
    came: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for presence in record.of_cities:
        groups = of_session.get(presence.session, set()) if presence.session else of_meeting[presence.meeting]
        for group in groups:
            came[group].add((presence.organisation, presence.meeting))
    met: dict[int, int] = defaultdict(int)
    for groups in of_meeting.values():
        for group in groups:
            met[group] += 1
    return [
        GroupTurnout(group, met[group.pk], len({city for city, _meeting in came[group.pk]}), len(came[group.pk]))
        for group in WorkingGroup.objects.visible_to(EVERYBODY)
    ]
