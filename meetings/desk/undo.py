"""Taking back what one entered at a desk."""

import uuid

from django.db import models, transaction
from django.utils.translation import gettext as _

from meetings.actions import record_attendance
from meetings.models import Attendance, Meeting
from members.history import RestoreRefused, lock, undo
from members.models import Change, User

_LEDGER = {"meetings.attendance", "meetings.delegate"}


@transaction.atomic
def take_back(meeting: Meeting, batch: uuid.UUID, *, by: User) -> int:
    """Take back one's own entries of one key or one form, as new changes. Gives the number of records.

    Raises RestoreRefused, with the reasons, when they are not one's own, or when somebody changed a cell since.
    """
    lock(Meeting, meeting.pk)
    changes = list(Change.objects.filter(batch=batch))
    if not changes or not all(_is_own(change, by) for change in changes) or not _is_of(meeting, changes):
        raise RestoreRefused([_("There is nothing of yours to take back here.")])

    def save(record: models.Model, changed: list[str]) -> None:
        if isinstance(record, Attendance):
            record_attendance(record, by=by)
        else:
            record.save()

    return undo(batch, save=save)


def _is_own(change: Change, user: User) -> bool:
    return change.user_id == user.pk and change.model in _LEDGER


def _is_of(meeting: Meeting, changes: list[Change]) -> bool:
    """Whether the rows of the ledger among some changes are this meeting's."""
    places = {f"meetings.meeting:{meeting.pk}"}
    places |= {f"meetings.session:{key}" for key in meeting.sessions.values_list("pk", flat=True)}
    rows = [change for change in changes if change.model == "meetings.attendance"]
    return bool(rows) and all({change.part_of, change.was_part_of} & places for change in rows)
