"""The winner of a poll becomes the date of the draft."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.actions import save_meeting
from meetings.models import DatePoll, DatePrecision, Meeting, MeetingStep, PollOption, Session, Step
from meetings.polling.asking import check_draft
from meetings.polling.voting import count_words
from members.history import acting, lock
from members.models import User


@transaction.atomic
def choose_date(option: PollOption, *, by: User) -> Meeting:
    """Move a draft to an option of its poll, and close the poll.

    The first session starts when the option does; the others follow at the same distance on the clocks of the meeting's
    zone, whether or not these change in between. The meeting's log keeps who took it. Raises ValidationError when the meeting is no draft any more, or one of
    its rules forbids the day; nothing is written then.
    """
    lock(Meeting, option.poll.meeting_id)
    lock(DatePoll, option.poll_id)
    meeting = Meeting.objects.get(pk=option.poll.meeting_id)
    check_draft(meeting)
    option.refresh_from_db()
    if option.withdrawn_at:
        raise ValidationError(_("This time was withdrawn: offer it again first."))
    sessions = list(meeting.sessions.all())
    line = _line(meeting, option, by)
    _move_sessions(meeting, sessions, option)
    _move_days(meeting, sessions, option)
    with acting(user=by, reason=_("chosen by the date poll")):
        _save(meeting, sessions)
        _close(option)
        line.save()
    return meeting


def _line(meeting: Meeting, option: PollOption, by: User) -> MeetingStep:
    """Say in the meeting's log who took which time, and how the answers stood."""
    counts = count_words([option])[option.pk]
    words = {
        "time": date_format(_wall(option.starts_at, zoneinfo.ZoneInfo(option.poll.timezone)), "l, j F Y, H:i"),
        "zone": option.poll.timezone,
        **counts,
    }
    reason = _("date poll: %(time)s (%(zone)s), with %(yes)d yes, %(maybe)d if need be, %(no)d no") % words
    return MeetingStep(
        meeting=meeting, step=Step.MOVE, before=meeting.status, after=meeting.status,
        start_on=meeting.start_on, end_on=meeting.end_on, reason=reason, taken_by=by,
    )  # fmt: skip


def _wall(moment: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _move_sessions(meeting: Meeting, sessions: Sequence[Session], option: PollOption) -> None:
    zone = zoneinfo.ZoneInfo(meeting.timezone)
    timed = [session.starts_at for session in sessions if session.starts_at]
    if not timed:
        if len(sessions) == 1:
            sessions[0].starts_at, sessions[0].ends_at = option.starts_at, option.ends_at
        return
    shift = _wall(option.starts_at, zone) - _wall(min(timed), zone)
    for session in sessions:
        if session.starts_at:
            session.starts_at = (_wall(session.starts_at, zone) + shift).replace(tzinfo=zone)
        if session.ends_at:
            session.ends_at = (_wall(session.ends_at, zone) + shift).replace(tzinfo=zone)


def _move_days(meeting: Meeting, sessions: Sequence[Session], option: PollOption) -> None:
    """Move the days; the last one by as much as the first, and at least to the day of the last session."""
    zone = zoneinfo.ZoneInfo(meeting.timezone)
    first = _wall(option.starts_at, zone).date()
    length = (meeting.end_on or meeting.start_on) - meeting.start_on
    starts = [_wall(session.starts_at, zone).date() for session in sessions if session.starts_at]
    last = max([first + length, *starts])
    meeting.date_precision = DatePrecision.DAY
    meeting.start_on, meeting.end_on = first, last if last > first else None


def _save(meeting: Meeting, sessions: Sequence[Session]) -> None:
    meeting.parts_follow = True
    meeting.clean()
    save_meeting(meeting, changed={"start_on", "end_on", "date_precision"})
    for session in sessions:
        session.meeting = meeting
        session.clean()
        session.save()


def _close(option: PollOption) -> None:
    for former in PollOption.objects.filter(poll=option.poll_id, is_chosen=True).exclude(pk=option.pk):
        former.is_chosen = False
        former.save()
    option.is_chosen = True
    option.save()
    poll = option.poll
    poll.closed_at = poll.closed_at or timezone.now()
    poll.save()
