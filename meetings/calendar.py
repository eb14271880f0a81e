"""Meetings as iCalendar (RFC 5545, RFC 7986)."""

import datetime as dt
import hashlib
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText
from icalendar.enums import STATUS, TRANSP

from meetings.models import DatePrecision, Meeting, MeetingStatus, Mode, Session

if TYPE_CHECKING:
    from meetings.models.meetings import MeetingQuerySet

PRODUCT = "-//B40 Balkan Cities Network//Meetings//EN"
# The network's own name makes an entry's identity: it stays when the site moves and when a meeting's address or title
# changes.
DOMAIN = "b40network.org"
YEARS_BACK = 2
MOST_MEETINGS = 400
REFRESH = dt.timedelta(hours=12)
STATUSES = {
    MeetingStatus.DRAFT: STATUS.TENTATIVE,
    MeetingStatus.ANNOUNCED: STATUS.CONFIRMED,
    MeetingStatus.UNDER_WAY: STATUS.CONFIRMED,
    MeetingStatus.HELD: STATUS.CONFIRMED,
    MeetingStatus.CLOSED: STATUS.CONFIRMED,
    # Until it has another day nobody shall turn up on this one.
    MeetingStatus.POSTPONED: STATUS.CANCELLED,
    MeetingStatus.CANCELLED: STATUS.CANCELLED,
}


@dataclass(frozen=True)
class Entry:
    """One meeting as the calendar tells it. Two equal entries are the same text."""

    uid: str
    sequence: int
    status: MeetingStatus
    start: dt.date | dt.datetime
    end: dt.date | dt.datetime | None
    title: str
    location: str
    description: str
    category: str
    url: str
    created: dt.datetime
    changed: dt.datetime
    is_open: bool = False  # whether the reader is still to say that they come, or has said that they do not


@dataclass(frozen=True)
class Naming:
    """What a feed calls itself."""

    name: str
    description: str


def in_calendar(meetings: "MeetingQuerySet") -> "MeetingQuerySet":
    """Keep what a calendar can show, with what its entries need.

    A meeting of which only the month is known has no day, and an entry on a made-up one would be wrong: it is left out.
    A cancelled meeting stays, so that calendars which have it strike it out.
    """
    known = meetings.filter(date_precision=DatePrecision.DAY)
    return known.select_related("host_city", "country").prefetch_related("sessions").defer("report", "search", "note")


def recent(meetings: "MeetingQuerySet") -> "MeetingQuerySet":
    """Keep what the feed holds: the meetings to come and those of the past two years, at most 400, so that it never
    grows without bound.
    """
    earliest = timezone.localdate() - dt.timedelta(days=365 * YEARS_BACK)
    return in_calendar(meetings.filter(start_on__gte=earliest))[:MOST_MEETINGS]


def read_entries(request: HttpRequest, meetings: Iterable[Meeting]) -> list[Entry]:
    """Turn meetings of `in_calendar` into entries; the request gives the site's address."""
    return [_entry(request, meeting) for meeting in meetings]


def _entry(request: HttpRequest, meeting: Meeting) -> Entry:
    start, end = when(meeting, meeting.sessions.all())
    url = request.build_absolute_uri(meeting.get_absolute_url())
    return Entry(
        uid=uid_of(meeting),
        sequence=meeting.sequence,
        status=MeetingStatus(meeting.status),
        start=start,
        end=end,
        title=meeting.title,
        location=location_of(meeting),
        description="\n\n".join(part for part in (meeting.summary, url) if part),
        category=capfirst(meeting.get_kind_display()),
        url=url,
        created=meeting.created_at,
        changed=meeting.changed_at,
    )


def when(meeting: Meeting, sessions: Iterable[Session]) -> tuple[dt.date | dt.datetime, dt.date | dt.datetime | None]:
    """Give beginning and end of a meeting, as RFC 5545 has them.

    Moments in UTC when the sessions' times reach from its first day to its last (on the clocks of its own zone), the
    end None when no session says when it ends. Else whole days, the end being the first day after it.
    """
    sessions = list(sessions)
    starts = [session.starts_at for session in sessions if session.starts_at]
    if starts:
        first, last = min(starts), max([*starts, *(session.ends_at for session in sessions if session.ends_at)])
        zone = zoneinfo.ZoneInfo(meeting.timezone)
        if (first.astimezone(zone).date(), last.astimezone(zone).date()) == (meeting.start_on, meeting.known_by):
            return first.astimezone(dt.UTC), last.astimezone(dt.UTC) if last > first else None
    return meeting.start_on, meeting.known_by + dt.timedelta(days=1)


def uid_of(meeting: Meeting) -> str:
    """Give what a meeting's entry is known by, in the feed and in every invitation."""
    return f"meeting-{meeting.pk}@{DOMAIN}"


def location_of(meeting: Meeting) -> str:
    """Say in a line where a meeting meets."""
    if meeting.mode == Mode.ONLINE:
        return _("Online")
    place = meeting.host_city.name if meeting.host_city else meeting.place
    country = meeting.country.name if meeting.country else ""
    return ", ".join(part for part in (meeting.venue, place, country) if part)


def digest(entries: Iterable[Entry], *further: str) -> str:
    """Give a short text that differs whenever the calendar would."""
    return hashlib.sha256(repr((list(entries), further)).encode()).hexdigest()[:32]


def scope_of_feeds() -> str:
    """Say what every feed holds and leaves out."""
    return _(
        "The meetings to come and those of the past %(years)d years, %(most)d at most. "
        "Not in here: meetings of which only the month is known."
    ) % {"years": YEARS_BACK, "most": MOST_MEETINGS}


def naming_of_all() -> Naming:
    """Name the feed of all meetings."""
    return Naming(_("Meetings of the B40 Balkan Cities Network"), scope_of_feeds())


def naming_of_group(group: object) -> Naming:
    """Name the feed of one working group."""
    return Naming(_("B40 %(group)s") % {"group": group}, scope_of_feeds())


def write_feed(entries: Iterable[Entry], naming: Naming | None = None) -> bytes:
    """Write the calendar that programs subscribe to; that of all meetings unless it is named otherwise."""
    naming = naming or naming_of_all()
    calendar = _calendar(entries)
    for key, value in {
        "NAME": naming.name,
        "X-WR-CALNAME": naming.name,
        "DESCRIPTION": naming.description,
        "X-WR-CALDESC": naming.description,
    }.items():
        calendar.add(key, vText(value))
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT12H")
    return bytes(calendar.to_ical())


def write_file(entry: Entry) -> bytes:
    """Write the file of one meeting."""
    return bytes(_calendar([entry]).to_ical())


def _calendar(entries: Iterable[Entry]) -> Calendar:
    calendar = Calendar()
    for key, value in {"PRODID": PRODUCT, "VERSION": "2.0", "CALSCALE": "GREGORIAN", "METHOD": "PUBLISH"}.items():
        calendar.add(key, value)
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar


def _event(entry: Entry) -> Event:
    takes_no_time = entry.is_open or not isinstance(entry.start, dt.datetime)
    return Event.new(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=entry.changed,
        created=entry.created,
        last_modified=entry.changed,
        status=_status(entry),
        start=entry.start,
        end=entry.end,
        summary=entry.title,
        location=entry.location or None,
        description=entry.description,
        categories=[entry.category],
        url=entry.url,
        transparency=TRANSP.TRANSPARENT if takes_no_time else TRANSP.OPAQUE,
    )


def _status(entry: Entry) -> STATUS:
    status = STATUSES[entry.status]
    return STATUS.TENTATIVE if entry.is_open and status == STATUS.CONFIRMED else status
