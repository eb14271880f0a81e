"""What is done to meetings beyond one object's own fields."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from meetings.models import Attendance, Meeting
from members.models import User

# What a calendar shows of a meeting: a change of any of these is a new version of the entry (RFC 5545, 3.8.7.4).
CALENDAR_FIELDS = frozenset(
    {
        "title",
        "status",
        "date_precision",
        "start_on",
        "end_on",
        "timezone",
        "mode",
        "host_city",
        "place",
        "venue",
        "country",
    }
)
# And of a session.
SESSION_CALENDAR_FIELDS = frozenset({"starts_at", "ends_at"})


@transaction.atomic
def record_attendance(row: Attendance, *, by: User) -> Attendance:
    """Save a row of the attendance ledger under the name of who recorded it, and when.

    Takes a filled row, new or changed. Raises ValidationError when its session belongs to another meeting.
    """
    row.recorded_by = by
    row.recorded_at = timezone.now()
    row.save()
    return row


@transaction.atomic
def save_meeting(meeting: Meeting, *, changed: Collection[str]) -> Meeting:
    """Save a meeting whose named fields were changed; calendars learn of a new version by its `sequence`."""
    if meeting.pk and not CALENDAR_FIELDS.isdisjoint(changed):
        meeting.sequence += 1
    meeting.save()
    return meeting


@transaction.atomic
def reschedule(meeting: Meeting) -> Meeting:
    """Tell calendars of a new version after a meeting's sessions got other times."""
    meeting.sequence += 1
    meeting.save(update_fields=["sequence", "changed_at"])
    return meeting
