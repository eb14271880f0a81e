"""When and where a meeting is, as a letter tells it: to know later who has to be told anew."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format

from meetings.calendar import location_of, when
from meetings.models import Invitee, Meeting, Session

Told = dict[str, Any]


def facts_of(meeting: Meeting, sessions: Iterable[Session]) -> Told:
    """Give what an invitation tells of a meeting's time and place, as JSON keeps it."""
    sessions = list(sessions)
    start, end = when(meeting, sessions)
    times = [(session.starts_at, session.ends_at) for session in sessions if session.starts_at]
    return {
        "start": start.isoformat(),
        "end": end.isoformat() if end else "",
        "sessions": sorted([_text(starts), _text(ends)] for starts, ends in times),
        "where": location_of(meeting),
        "off": off_of(meeting),
    }


def off_of(meeting: Meeting) -> str:
    """Say how a meeting was called off, by its status; "" while it is to be."""
    return meeting.status if meeting.is_cancelled or meeting.is_postponed else ""


def _text(moment: dt.datetime | None) -> str:
    return moment.astimezone(dt.UTC).isoformat() if moment else ""


def uninformed(invitees: Iterable[Invitee], facts: Told) -> list[Invitee]:
    """Keep those who were written to and whose last letter said something else of time and place."""
    return [invitee for invitee in invitees if invitee.letter_id and invitee.stands and invitee.told != facts]


def told_before(told: Told, zone: str) -> str:
    """Say in words when a meeting was to be, by an earlier letter; "" when there was none."""
    start = str(told.get("start", ""))
    if "T" not in start:
        return date_format(dt.date.fromisoformat(start), "j F Y") if start else ""
    local = dt.datetime.fromisoformat(start).astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)
    return date_format(local, "l, j F Y, H:i")
