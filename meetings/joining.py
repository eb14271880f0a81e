"""Joining a meeting: the instructions whose time has come, and the sessions at which somebody says that they are there."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meetings.desk.checking_in import CheckInTimes, Opening, opening_of, times_of
from meetings.desk.expected import places_of
from meetings.desk.self_check_in import WAYS, Noted, noted_of
from meetings.models import JoiningInstructions, Meeting, Mode, Session

if TYPE_CHECKING:
    from members.models import Organisation, User


@dataclass(frozen=True)
class Door:
    """A session: how to join it, and who of one's own is noted there. `instructions` is None when none are shown now.

    `offers` are the organisations for which one can say in which ways that one is there, those said left out.
    """

    session: Session
    opening: Opening
    times: CheckInTimes
    instructions: JoiningInstructions | None
    noted: list[Noted]
    offers: list[tuple["Organisation", list[str]]]

    @property
    def is_open(self) -> bool:
        return self.opening == Opening.OPEN


@dataclass(frozen=True)
class Joining:
    """How a meeting is joined at a moment. `shown_from` is when instructions that wait appear; None when none wait."""

    meeting: Meeting
    organisations: list["Organisation"]
    whole: JoiningInstructions | None
    shown_from: dt.datetime | None
    doors: list[Door]

    @property
    def has_instructions(self) -> bool:
        return bool(self.whole or any(door.instructions for door in self.doors))


def read_joining(user: "User", meeting: Meeting, now: dt.datetime) -> Joining:
    """Read how somebody joins a meeting; a fixed number of queries."""
    rows = list(JoiningInstructions.objects.for_invited(user).filter(meeting=meeting).with_times())
    shown = {row.session_id: row for row in rows if row.is_shown_at(now)}
    waiting = [row.opens_at for row in rows if row.opens_at and now < row.opens_at]
    organisations = list(places_of(user, meeting).order_by("key", "pk"))
    sessions = list(meeting.sessions.prefetch_related("working_groups"))
    noted = noted_of(user, sessions)
    doors = [
        Door(
            session=session,
            opening=opening_of(session, now),
            times=times_of(session),
            instructions=shown.get(session.pk),
            noted=noted.get(session.pk, []),
            offers=_offers(meeting, organisations, noted.get(session.pk, [])),
        )
        for session in (_of(meeting, each) for each in sessions)
    ]
    return Joining(meeting, organisations, shown.get(None), min(waiting, default=None), doors)


def _of(meeting: Meeting, session: Session) -> Session:
    session.meeting = meeting  # read already
    return session


def _offers(
    meeting: Meeting, organisations: Sequence["Organisation"], noted: Iterable[Noted]
) -> list[tuple["Organisation", list[str]]]:
    said = {(each.organisation.pk, each.delegate.mode) for each in noted}
    ways = [(each, [way for way in WAYS[Mode(meeting.mode)] if (each.pk, way) not in said]) for each in organisations]
    return [(organisation, left) for organisation, left in ways if left]
