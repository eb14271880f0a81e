"""Making a poll and keeping it: its options, and until when it can be answered."""

import datetime as dt
import zoneinfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import DatePoll, Meeting, PollOption
from members.history import acting, lock
from members.models import User

MOST_OPTIONS = 20


@transaction.atomic
def save_poll(meeting: Meeting, *, question: str, zone: str, closes_on: dt.date | None, by: User) -> DatePoll:
    """Make the poll of a draft, or change what it says. Raises ValidationError when the meeting is no draft."""
    lock(Meeting, meeting.pk)
    check_draft(meeting)
    poll = DatePoll.objects.filter(meeting=meeting).first() or DatePoll(meeting=meeting, created_by=by)
    poll.question, poll.timezone, poll.closes_on = question, zone, closes_on
    poll.full_clean(exclude=["meeting"])
    with acting(user=by):
        poll.save()
    return poll


def check_draft(meeting: Meeting) -> None:
    """Raise ValidationError when a meeting's day is settled: it is no draft any more."""
    if not Meeting.objects.filter(pk=meeting.pk, status="draft").exists():
        raise ValidationError(_("The meeting is no draft any more: its date cannot be asked for or chosen by a poll."))


@transaction.atomic
def add_option(poll: DatePoll, *, day: dt.date, starts: dt.time, ends: dt.time, by: User) -> PollOption:
    """Offer a day and hour, written in the poll's zone. Other options keep their answers; one that was withdrawn comes
    back with its own. Raises ValidationError for a time that is past, or not in order, and for too many options.
    """
    lock(DatePoll, poll.pk)
    zone = zoneinfo.ZoneInfo(poll.timezone)
    option = PollOption(
        poll=poll,
        starts_at=dt.datetime.combine(day, starts, zone).astimezone(dt.UTC),
        ends_at=dt.datetime.combine(day, ends, zone).astimezone(dt.UTC),
    )
    known = poll.options.filter(starts_at=option.starts_at, ends_at=option.ends_at, withdrawn_at__isnull=False).first()
    if known:
        known.withdrawn_at = None
        option = known
    if option.starts_at < timezone.now():
        raise ValidationError(_("This time is past."))
    if poll.options.offered().count() >= MOST_OPTIONS:
        raise ValidationError(_("A poll offers at most %(most)d times.") % {"most": MOST_OPTIONS})
    option.full_clean()
    with acting(user=by):
        option.save()
    return option


@transaction.atomic
def withdraw_option(option: PollOption, *, by: User) -> None:
    """Offer a time no more. What was answered stays, and is there again when the same time is offered anew."""
    lock(DatePoll, option.poll_id)
    option.withdrawn_at = timezone.now()
    with acting(user=by):
        option.save()


@transaction.atomic
def close_poll(poll: DatePoll, *, by: User) -> None:
    """Take no more answers."""
    lock(DatePoll, poll.pk)
    poll.closed_at = timezone.now()
    with acting(user=by):
        poll.save()


@transaction.atomic
def reopen_poll(poll: DatePoll, *, by: User) -> None:
    """Take answers again. Raises ValidationError when the meeting is no draft any more."""
    check_draft(poll.meeting)
    lock(DatePoll, poll.pk)
    poll.closed_at = None
    with acting(user=by):
        poll.save()
