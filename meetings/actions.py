"""What is done to meetings beyond one object's own fields."""

from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from meetings.grid import UNKNOWN, Edit, Refusal, own_rows, state_of
from meetings.models import Attendance, Channel, Meeting
from meetings.pasting import PastedList, read_list
from members.history import lock
from members.models import Organisation, User

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


def record_grid(
    meeting: Meeting, edits: Collection[Edit], *, by: User, channel: str = Channel.SECRETARIAT
) -> list[Refusal]:
    """Write the cells of a grid that were changed, as one source's word, all in one transaction.

    A cell that no longer holds what it had shown is left as it is, and given back with what stands there now; a cell
    that holds what was wanted already is no matter.
    """
    try:
        return _record_grid(meeting, edits, by=by, channel=channel)
    except IntegrityError:
        # A row came in between our look and our write, by a page that does not lock the meeting: look again.
        return _record_grid(meeting, edits, by=by, channel=channel)


@transaction.atomic
def _record_grid(meeting: Meeting, edits: Collection[Edit], *, by: User, channel: str) -> list[Refusal]:
    lock(Meeting, meeting.pk)
    stored = own_rows(_locked_rows(meeting, {edit.organisation for edit in edits}), channel)
    organisations = set(
        Organisation.objects.filter(pk__in={edit.organisation for edit in edits}).values_list("pk", flat=True)
    )
    sessions = {None, *meeting.sessions.values_list("pk", flat=True)}
    refusals = []
    for edit in edits:
        row = stored.get(edit.key)
        now = state_of(row)
        if edit.organisation not in organisations or edit.session not in sessions:
            refusals.append(Refusal(edit, UNKNOWN, is_gone=True))
        elif now not in (edit.shown, edit.wanted):
            refusals.append(Refusal(edit, now, row))
        elif now != edit.wanted:
            _record_cell(meeting, edit, row, by=by, channel=channel)
    return refusals


def _locked_rows(meeting: Meeting, organisations: Collection[int]) -> Iterable[Attendance]:
    """Read rows of the ledger that nobody else can write until the transaction ends."""
    rows = Attendance.objects.filter(meeting=meeting, organisation__in=organisations).order_by("pk")
    return rows.select_for_update(of=("self",)).select_related("recorded_by")


def _record_cell(meeting: Meeting, edit: Edit, row: Attendance | None, *, by: User, channel: str) -> None:
    if edit.wanted == UNKNOWN:
        if row:
            row.delete()
        return
    row = row or Attendance(
        meeting=meeting, session_id=edit.session, organisation_id=edit.organisation, channel=channel
    )
    row.presence, _colon, row.mode = edit.wanted.partition(":")
    row.basis = edit.basis or row.basis
    record_attendance(row, by=by)


@transaction.atomic
def record_names(meeting: Meeting, session: int | None, text: str, chosen: dict[str, str], *, by: User) -> PastedList:
    """Write those whom a pasted list names as present, once every name of it is decided; until then, nothing.

    The list is read anew under a lock: a name that somebody else recorded otherwise meanwhile has to be decided again.
    """
    lock(Meeting, meeting.pk)
    pasted = read_list(meeting, session, text, chosen)
    if pasted.is_decided:
        edits = [Edit(pk, session, pasted.listed.get(pk, UNKNOWN), "present") for pk in pasted.wanted]
        record_grid(meeting, edits, by=by)
    return pasted
