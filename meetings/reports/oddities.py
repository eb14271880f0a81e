"""What is odd about a report as a whole, said before anything is written."""

import datetime as dt
import zoneinfo
from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.models import Channel, DatePrecision, ParticipantReport
from meetings.reports.visits import Report

NAMED_LINES = 12
# A call is opened early and closed late; within this nobody has mistaken the zone.
_LEEWAY = dt.timedelta(minutes=30)


def near_of(record: ParticipantReport) -> dt.date:
    """Give the day about which a report's times should be."""
    starts = record.session.starts_at if record.session else None
    return starts.astimezone(zoneinfo.ZoneInfo(record.timezone)).date() if starts else record.meeting.start_on


def warnings_about(record: ParticipantReport, report: Report) -> list[str]:
    """Say what a person should look at before recording: one query."""
    return [*_about_reading(record, report), *_about_times(record, report), *_about_other_uses(record)]


def _about_reading(record: ParticipantReport, report: Report) -> Iterator[str]:
    channel = report.layout.channel
    if channel and channel != record.channel:
        words = {"seen": Channel(channel).label, "chosen": Channel(record.channel).label}
        yield _("The file looks like a %(seen)s; you chose %(chosen)s.") % words
    if report.layout.is_guessed:
        yield _(
            "Its headings are in no language that we know; columns were told apart by what they hold. Check names and times."
        )
    if report.unread:
        numbers = ", ".join(map(str, report.unread[:NAMED_LINES])) + (" …" if len(report.unread) > NAMED_LINES else "")
        yield ngettext(
            "%(count)d line names nobody and was left out: %(numbers)s.",
            "%(count)d lines name nobody and were left out: %(numbers)s.",
            len(report.unread),
        ) % {"count": len(report.unread), "numbers": numbers}
    if report.not_there:
        yield ngettext(
            "%(count)d registered person is marked as not having come, and is left out.",
            "%(count)d registered people are marked as not having come, and are left out.",
            report.not_there,
        ) % {"count": report.not_there}


def _about_times(record: ParticipantReport, report: Report) -> Iterator[str]:
    opened, closed = report.opened_at, report.closed_at
    if opened is None or closed is None:
        yield _("The file tells no times of joining and leaving: only who was there, and how long.")
        return
    words = {"from": _shown(opened), "until": _shown(closed), "zone": record.timezone}
    session = record.session
    if session and session.starts_at:
        ends = session.ends_at or session.starts_at + dt.timedelta(hours=3)
        shared = min(closed, ends + _LEEWAY) - max(opened, session.starts_at - _LEEWAY)
        if shared < (closed - opened) / 2:
            words |= {"starts": _shown(session.starts_at), "ends": _shown(ends)}
            yield (
                _(
                    "Its times, %(from)s to %(until)s, lie outside the session (%(starts)s to %(ends)s). Is it the right file, the right session, "
                    "and were the times written in the zone %(zone)s? Upload it again to choose another zone."
                )
                % words
            )
    elif not _is_in_days(record, opened, closed):
        yield _(
            "Its times, %(from)s to %(until)s, lie outside the meeting's days (%(days)s). Is it the right file?"
        ) % {
            **words,
            "days": record.meeting.days,
        }


def _is_in_days(record: ParticipantReport, opened: dt.datetime, closed: dt.datetime) -> bool:
    meeting, zone = record.meeting, zoneinfo.ZoneInfo(record.meeting.timezone)
    if meeting.date_precision != DatePrecision.DAY:
        return (opened.astimezone(zone).year, opened.astimezone(zone).month) == (
            meeting.start_on.year,
            meeting.start_on.month,
        )
    return opened.astimezone(zone).date() <= meeting.known_by and closed.astimezone(zone).date() >= meeting.start_on


def _about_other_uses(record: ParticipantReport) -> Iterator[str]:
    """The same file, recorded for another part of the meeting, or for another meeting."""
    others = ParticipantReport.objects.without_file().filter(
        sha256=record.sha256, batch__isnull=False, undone_at__isnull=True
    )
    for other in (
        others.exclude(pk=record.pk)
        .select_related("meeting", "session")
        .prefetch_related("session__working_groups")[:3]
    ):
        told = {
            "what": other.session or other.meeting,
            "day": other.applied_at.date().isoformat() if other.applied_at else "",
        }
        yield _("This very file was recorded for “%(what)s” on %(day)s, too.") % told


def _shown(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")
