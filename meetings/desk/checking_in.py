"""Checking in by the code in the room: when it is open, who is believed at once, and what the desk has to say of the others."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from meetings.desk.expected import day_of
from meetings.models import Attendance, Channel, CheckIn, Delegate, Meeting, MeetingStatus, Mode, Presence, Session
from meetings.models.sessions import AROUND
from members.history import acting, lock
from members.models import Mandate, Organisation, User
from members.names import search_text

# It does not take place on that day, or its record is frozen.
TAKES_NO_NAMES = (MeetingStatus.CANCELLED, MeetingStatus.POSTPONED, MeetingStatus.CLOSED)
MOST_A_MINUTE = 60  # of a session, whoever they are: a full room at the door
MOST_WAITING = 300  # of a session
MOST_OF_ONE = 20  # of an organisation at a session, each of those who wait and those who are believed


class Opening(StrEnum):
    """Whether a session's check-in takes names now."""

    OPEN = "open"
    EARLY = "early"
    OVER = "over"
    NO_TIME = "no_time"
    OFF = "off"  # the meeting does not take place, or its record is closed


@dataclass(frozen=True)
class CheckInTimes:
    """From when until when a session's check-in is open; None when nobody set the session's time."""

    opens_at: dt.datetime | None
    closes_at: dt.datetime | None


class TooMany(Exception):
    """More names than a room can hold, or faster than they can be typed there; nothing was kept."""


def times_of(session: Session) -> CheckInTimes:
    """Give from when until when a session's check-in is open: half an hour around it."""
    if session.starts_at is None or session.closes_at is None:
        return CheckInTimes(None, None)
    return CheckInTimes(session.starts_at - AROUND, session.closes_at + AROUND)


def opening_of(session: Session, now: dt.datetime) -> Opening:
    """Say whether a session's check-in takes names at some moment."""
    times = times_of(session)
    if session.meeting.status in TAKES_NO_NAMES:
        return Opening.OFF
    if times.opens_at is None or times.closes_at is None:
        return Opening.NO_TIME
    if now < times.opens_at:
        return Opening.EARLY
    return Opening.OPEN if now <= times.closes_at else Opening.OVER


@transaction.atomic
def check_in(session: Session, organisation: Organisation, *, name: str, email: str) -> None:
    """Note that somebody is there for an organisation; a second time is no second row.

    An address of one of its contacts or delegates of the day is believed at once, any other waits for the desk. Raises
    TooMany, and writes nothing then.
    """
    lock(Meeting, session.meeting_id)
    name, email = " ".join(name.split()), email.strip().lower()
    now = timezone.now()
    if _is_known(session, organisation, email):
        with acting(name="check-in"):
            _note(session, organisation, name=name, email=email, at=now)
    elif not _is_noted(session, organisation, name, email):
        _refuse_more(session, organisation, now)
        CheckIn.objects.create(session=session, organisation=organisation, name=name, email=email, checked_in_at=now)


@transaction.atomic
def confirm_check_in(waiting: CheckIn, *, by: User) -> bool:
    """Write somebody who waited into the ledger. Gives False when a person decided about it already."""
    found = _lock_waiting(waiting)
    if found is None:
        return False
    _note(found.session, found.organisation, name=found.name, email=found.email, at=found.checked_in_at, by=by)
    found.confirmed_at, found.confirmed_by = timezone.now(), by
    found.save()
    return True


@transaction.atomic
def refuse_check_in(waiting: CheckIn, *, by: User) -> bool:
    """Say that somebody who waited was not there for that organisation. Gives False when a person decided already."""
    found = _lock_waiting(waiting)
    if found is None:
        return False
    found.refused_at, found.refused_by = timezone.now(), by
    found.save()
    return True


def _lock_waiting(waiting: CheckIn) -> CheckIn | None:
    lock(Meeting, waiting.session.meeting_id)
    named = CheckIn.objects.select_related("session__meeting", "organisation")
    return named.waiting().filter(pk=waiting.pk).first()


def _is_known(session: Session, organisation: Organisation, email: str) -> bool:
    contacts = Mandate.objects.on(day_of(session)).filter(organisation=organisation, email__iexact=email)
    return contacts.exists()


def _note(
    session: Session, organisation: Organisation, *, name: str, email: str, at: dt.datetime, by: User | None = None
) -> None:
    """Write the ledger's row of the code in the room, once, and who came, once."""
    row = Attendance.objects.filter(session=session, organisation=organisation, channel=Channel.QR).first()
    if row is None:
        row = Attendance(
            meeting=session.meeting, session=session, organisation=organisation, channel=Channel.QR,
            presence=Presence.PRESENT, mode=_mode(session), arrived_at=at, recorded_by=by,
        )  # fmt: skip
        row.save()
    elif row.arrived_at is None or at < row.arrived_at:
        row.arrived_at = at
        row.save()
    if not any(_is_same(each, name, email) for each in row.delegates.all()):
        if by is None:
            _refuse_crowd(row)
        Delegate.objects.create(attendance=row, name=name, email=email, joined_at=at)


def _mode(session: Session) -> str:
    """The code hangs in the room, except where there is none."""
    return "online" if session.meeting.mode == Mode.ONLINE else "room"


def _is_noted(session: Session, organisation: Organisation, name: str, email: str) -> bool:
    there = CheckIn.objects.filter(session=session, organisation=organisation, email=email)
    return any(_is_same(each, name, email) for each in there)


def _is_same(known: CheckIn | Delegate, name: str, email: str) -> bool:
    """Whether somebody is named already, were it in another script or case."""
    return known.email.lower() == email and search_text(known.name) == search_text(name)


# --- Bounds: who stands before the code may type, a program may not fill the record --------------------------------------


def _refuse_more(session: Session, organisation: Organisation, now: dt.datetime) -> None:
    rows = CheckIn.objects.filter(session=session)
    a_minute = rows.filter(checked_in_at__gt=now - dt.timedelta(minutes=1)).count()
    of_one = rows.filter(organisation=organisation).waiting().count()
    if a_minute >= MOST_A_MINUTE or of_one >= MOST_OF_ONE or rows.count() >= MOST_WAITING:
        raise TooMany


def _refuse_crowd(row: Attendance) -> None:
    if row.delegates.count() >= MOST_OF_ONE:
        raise TooMany
