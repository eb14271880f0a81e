"""The largest meeting that a desk has to serve, the same at every factor: 80 organisations in six sessions, and a report of its call."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from meetings.models import AgendaItem, Attendance, Meeting, ParticipantReport, Session
from members.models import Organisation
from workinggroups.models import WorkingGroup

# Far above the keys that any factor gives away, so that its pages have one address.
KEY = 9_000_000
DAY = dt.date(2026, 3, 10)
ORGANISATIONS, SESSIONS, ITEMS = 80, 6, 8


def fill_room(cities: Sequence[Organisation], groups: Sequence[WorkingGroup]) -> None:
    """Make the meeting with its sessions, agenda, ledger and report. Takes the record's cities, of which it needs 62 at least."""
    meeting = Meeting(
        pk=KEY, title="The great round", slug="great-round", kind="working_groups", mode="online", status="held",
        start_on=DAY,
    )  # fmt: skip
    meeting.derive_search()
    Meeting.objects.bulk_create([meeting])
    sessions = [Session(meeting=meeting, order=order, title=f"Session {order}") for order in range(SESSIONS)]
    Session.objects.bulk_create(sessions)
    for number, session in enumerate(sessions):
        session.working_groups.add(groups[number % len(groups)])
    items = [
        AgendaItem(session=session, order=order, title=f"Item {order}", minutes=10)
        for session in sessions
        for order in range(ITEMS)
    ]
    AgendaItem.objects.bulk_create(items)
    there = cities[:ORGANISATIONS]
    rows = [Attendance(meeting=meeting, session=session, organisation=city) for session in sessions for city in there]
    Attendance.objects.bulk_create(rows)
    raw = _report(there)
    ParticipantReport.objects.create(
        pk=KEY, meeting=meeting, session=sessions[0], channel="teams", timezone="Europe/Istanbul",
        file_name="report.csv", raw=raw, sha256=hashlib.sha256(raw).hexdigest(),
    )  # fmt: skip


def _report(cities: Sequence[Organisation]) -> bytes:
    """A Teams report in which one person of each city joined, some by the city's name, some by a mail address."""
    lines = ["1. Summary", "Meeting title\tRound", "", "2. Participants"]
    lines.append("Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole")
    lines += [
        f"{city.name} – Ana {number}\t3/10/26, 10:01:00 AM\t3/10/26, 11:30:00 AM\t1h 29m 0s"
        f"\t{f'ana{number}@city-{number}.example' if number % 2 else ''}\t\tPresenter"
        for number, city in enumerate(cities)
    ]
    return "\n".join(lines).encode("utf-16")
