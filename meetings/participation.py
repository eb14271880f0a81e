"""Taking part over many meetings: how often, as what, and in whose company.

All of it rests on the ledger's one rule.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from meetings.attendance import Attendee
from meetings.models import Attendance, Meeting
from members.models import Organisation
from members.register import Period, period_on
from workinggroups.models import WorkingGroup

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from meetings.models.attendance import AttendanceQuerySet
    from meetings.models.meetings import MeetingQuerySet
    from members.models import MembershipChange, User


COUNTED_OVER = 400  # meetings: what a page counts does not grow with the record


@dataclass(frozen=True)
class Company:
    """A city and at how many of some meetings it was."""

    city: Organisation
    meetings: int


def count_meetings(user: "User | AnonymousUser", organisations: Iterable[Organisation], day: dt.date) -> dict[int, int]:
    """Count the meetings, begun by a day, that each of some organisations attended, by its key; one query.

    Who attended none is left out.
    """
    rows = Attendance.objects.visible_to(user).counted().filter(organisation__in=organisations).order_by()
    counted = (
        rows.filter(meeting__start_on__lte=day)
        .values("organisation")
        .annotate(meetings=Count("meeting", distinct=True))
    )
    return dict(counted.values_list("organisation", "meetings"))


def cities_met(user: "User | AnonymousUser", organisation: Organisation, limit: int) -> list[Company]:
    """Give the cities that were most often at the meetings an organisation attended, the most frequent first.

    Counts over the latest `COUNTED_OVER` meetings; three queries.
    """
    latest = _latest(Meeting.objects.visible_to(user).attended_by(organisation))
    rows = Attendance.objects.counted().filter(meeting__in=latest)
    return _most_frequent(rows.exclude(organisation=organisation), limit)


def cities_at_group(user: "User | AnonymousUser", group: WorkingGroup, limit: int) -> list[Company]:
    """Give the cities that came most often to the meetings with a working group.

    A row of a session counts for that session's groups alone; a row of a whole meeting counts for every group that met
    there. Counts over the latest `COUNTED_OVER` meetings; four queries.
    """
    latest = _latest(Meeting.objects.visible_to(user).of_group(group))
    own_sessions = list(group.sessions.filter(meeting__in=latest).values_list("pk", flat=True))
    concerned = Q(session__isnull=True) | Q(session__in=own_sessions)
    return _most_frequent(Attendance.objects.counted().filter(concerned, meeting__in=latest), limit)


def _latest(meetings: "MeetingQuerySet") -> list[int]:
    """The keys of the latest of some meetings; read, since as a subquery it would lead SQLite to a full scan."""
    return list(meetings.order_by("-start_on", "-pk").values_list("pk", flat=True)[:COUNTED_OVER])


def _most_frequent(rows: "AttendanceQuerySet", limit: int) -> list[Company]:
    counted = rows.of_cities().order_by().values("organisation", "organisation__key")
    ranked = counted.annotate(meetings=Count("meeting", distinct=True)).order_by("-meetings", "organisation__key")
    numbers = {row["organisation"]: row["meetings"] for row in ranked[:limit]}
    cities = Organisation.objects.prefetch_related("names").in_bulk(numbers)
    return [Company(cities[pk], number) for pk, number in numbers.items()]


def attended_as(
    organisation: Organisation, meetings: Sequence[Meeting], membership: "Sequence[Period[MembershipChange]]"
) -> dict[int, Attendee]:
    """Tell as what an organisation took part in some meetings that it attended, by the meetings' keys; one query.

    Takes its membership as `members.register.periods`; what it was on the day counts where no source says otherwise.
    """
    rows: dict[int, list[Attendance]] = defaultdict(list)
    for row in Attendance.objects.filter(organisation=organisation, meeting__in=meetings).with_counted():
        rows[row.meeting_id].append(row)
    spells = {meeting.pk: period_on(membership, meeting.known_by) for meeting in meetings}
    return {
        pk: Attendee(organisation, spell.change.status if spell else None, rows[pk]) for pk, spell in spells.items()
    }
