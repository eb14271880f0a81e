"""When each part of a meeting is, on the meeting's clocks and on a city's own, with its agenda in short."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from meetings.models import AgendaItem, Meeting, Session
from meetings.programme import Programme, read_programme
from meetings.scheduling import ZONES
from members.models import Organisation

SHORT = 12  # points of an agenda in a letter


@dataclass(frozen=True)
class Sitting:
    """A session as a letter and its page tell it. `own_zone` is empty where the city's clocks show the same."""

    pk: int
    title: str
    starts: dt.datetime | None
    ends: dt.datetime | None
    room: str
    items: list[str]
    own_zone: str

    @property
    def has_more(self) -> bool:
        return len(self.items) > SHORT

    @property
    def short(self) -> list[str]:
        return self.items[:SHORT]


def public_programme(meeting: Meeting) -> Programme:
    """Read the sessions with what the public may know of the topics; six queries."""
    return read_programme(AnonymousUser(), meeting)


def zone_of(organisation: Organisation) -> str:
    """Give the zone of an organisation's clocks; "" when it has no country, or one without a zone of its own here."""
    return ZONES.get(organisation.country_id or "", "")


def sittings_of(programme: Programme, zone: str) -> list[Sitting]:
    """Give the sessions of a programme, with the hours in a city's zone."""
    return [_sitting(session, programme.meeting.timezone, zone) for session in programme.sessions]


def _sitting(session: Session, zone: str, own: str) -> Sitting:
    return Sitting(
        pk=session.pk,
        title=str(session),
        starts=session.starts_at,
        ends=session.ends_at,
        room=session.room,
        items=[words for item in session.items.all() if (words := _words(item))],
        own_zone=own if other_clock(session.starts_at, zone, own) else "",
    )


def other_clock(moment: dt.datetime | None, zone: str, own: str) -> bool:
    """Whether the clocks of a city show another hour than those of a zone."""
    if moment is None or not own:
        return False
    return (
        moment.astimezone(zoneinfo.ZoneInfo(own)).utcoffset() != moment.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    )


def _words(item: AgendaItem) -> str:
    """Name a point by its title, else by the topics that may be known; "" when neither is there."""
    return item.title or "; ".join(topic.title for topic in item.topics.all())
