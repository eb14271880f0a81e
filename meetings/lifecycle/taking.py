"""Taking a step: checked and written under a lock, with a line in the meeting's log."""

import datetime as dt
import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from meetings.actions import save_meeting
from meetings.closing.freezing import freeze
from meetings.dossier import read_dossier
from meetings.lifecycle.checks import check_step
from meetings.lifecycle.rules import status_after
from meetings.mail.queueing import release
from meetings.models import DatePrecision, Mailing, MailingKind, Meeting, MeetingStep, Session, Step
from members.history import lock, version_of
from members.models import User


class Overtaken(Exception):
    """Somebody changed the meeting after it was looked at."""


@transaction.atomic
def take_step(meeting: Meeting, step: Step, *, by: User, reason: str = "", version: int | None = None) -> MeetingStep:
    """Lead a meeting one step on. `version` is the one that was looked at, see `members.history.version_of`.

    Raises ValidationError with what stands in the way, `Overtaken` when the meeting changed since it was looked at.
    """
    meeting = _locked(meeting, version)
    _refuse(meeting, step, by, reason)
    line = _line(meeting, step, by, reason)
    meeting.status = line.after
    save_meeting(meeting, changed={"status"})
    line.save()
    if step == Step.CLOSE:
        freeze(meeting, by=by)
    return line


def waiting_invitations(meeting: Meeting) -> "models.QuerySet[Mailing]":
    """Keep the invitations that were prepared and have not been released."""
    waiting = meeting.mailings.filter(kind=MailingKind.INVITATION, released_at__isnull=True)
    return waiting.filter(letters__isnull=False).distinct()


@transaction.atomic
def announce_to_invited(meeting: Meeting, *, by: User, reason: str = "", version: int | None = None) -> MeetingStep:
    """Announce a meeting, and let its prepared invitations go out; both or neither. Raises as `take_step` does."""
    line = take_step(meeting, Step.ANNOUNCE, by=by, reason=reason, version=version)
    for mailing in waiting_invitations(meeting):
        release(mailing, by=by)
    return line


@transaction.atomic
def move_meeting(
    meeting: Meeting, start_on: dt.date, *, by: User, reason: str = "", version: int | None = None
) -> MeetingStep:
    """Move a meeting to another first day; it stays as long as it was, and its sessions keep their hours.

    Raises ValidationError with what stands in the way, `Overtaken` when the meeting changed since it was looked at.
    """
    meeting = _locked(meeting, version)
    _refuse(meeting, Step.MOVE, by, reason)
    line, days = _line(meeting, Step.MOVE, by, reason), start_on - meeting.start_on
    if not days and meeting.date_precision == DatePrecision.DAY:
        raise ValidationError(_("This is the day that it has already."))
    meeting.start_on, meeting.date_precision = start_on, DatePrecision.DAY
    meeting.end_on = meeting.end_on + days if meeting.end_on else None
    meeting.parts_follow = True  # the sessions are moved below
    meeting.full_clean(exclude=["search"])
    save_meeting(meeting, changed={"start_on"})
    for session in meeting.sessions.all():
        _move_session(session, meeting, days)
    line.save()
    return line


def _locked(meeting: Meeting, version: int | None) -> Meeting:
    lock(Meeting, meeting.pk)
    if version is not None and version_of(Meeting, meeting.pk) != version:
        raise Overtaken
    return Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)


def _refuse(meeting: Meeting, step: Step, by: User, reason: str) -> None:
    refusals = check_step(read_dossier(by, meeting), step, reason).refusals
    if refusals:
        raise ValidationError([missing.text for missing in refusals])


def _line(meeting: Meeting, step: Step, by: User, reason: str) -> MeetingStep:
    return MeetingStep(
        meeting=meeting, step=step, before=meeting.status, after=status_after(meeting, step),
        start_on=meeting.start_on, end_on=meeting.end_on, reason=reason.strip(), taken_by=by,
    )  # fmt: skip


def _move_session(session: Session, meeting: Meeting, days: dt.timedelta) -> None:
    """Move a session by days on the clocks of the meeting's zone: ten o'clock stays ten o'clock in summer time too."""
    zone = zoneinfo.ZoneInfo(meeting.timezone)
    session.starts_at, session.ends_at = (
        moment and moment.astimezone(zone) + days for moment in (session.starts_at, session.ends_at)
    )
    session.meeting = meeting
    if session.starts_at:
        session.save()
