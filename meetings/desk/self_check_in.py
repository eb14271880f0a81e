"""Checking in by one's own account while a session runs, and taking that back."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from meetings.desk.checking_in import Opening, opening_of
from meetings.models import Attendance, Channel, Delegate, Meeting, Mode, Presence, Session
from meetings.permissions import may_check_in
from members.history import acting, lock
from members.models import Change, Mandate, Organisation, User, place_of

ROOM, ONLINE = "room", "online"
# In which ways a meeting is attended.
WAYS = {Mode.ONLINE: (ONLINE,), Mode.IN_PERSON: (ROOM,), Mode.HYBRID: (ROOM, ONLINE)}


@dataclass(frozen=True)
class Noted:
    """Somebody is noted at a session for an organisation, by their own word."""

    organisation: Organisation
    delegate: Delegate


class NotOpen(Exception):
    """Check-in takes no names now; `opening` says why."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self.opening = opening


def noted_of(user: User, sessions: Iterable[Session]) -> dict[int, list[Noted]]:
    """Give for whom somebody is noted at each of some sessions, by the sessions' keys; one query."""
    rows = Delegate.objects.visible_to(user).filter(
        person=user.person, attendance__session__in=list(sessions), attendance__channel=Channel.SELF
    )
    found: dict[int, list[Noted]] = {}
    for row in rows.select_related("attendance__organisation").order_by("attendance__organisation__key", "pk"):
        key = row.attendance.session_id or 0
        found.setdefault(key, []).append(Noted(row.attendance.organisation, row))
    return found


@transaction.atomic
def check_in_self(session: Session, organisation: Organisation, *, mode: str, by: User) -> Delegate:
    """Note by somebody's own word that they are at a session for an organisation; a second time changes the mode at most.

    The ledger has one row of this source for the organisation: in the room as soon as one of them is. Raises
    PermissionDenied for whoever may not, NotOpen with the reason when the session takes no names, ValueError for a way in
    which the meeting is not attended.
    """
    now = _enter(session, organisation, by=by)
    if mode not in WAYS[Mode(session.meeting.mode)]:
        raise ValueError(mode)
    with acting(user=by):
        row = _row(session, organisation, at=now)
        delegate = _delegate(row, by=by, at=now)
        delegate.mode = mode
        delegate.save()
        _settle_mode(row)
    return delegate


@transaction.atomic
def take_back_check_in(session: Session, organisation: Organisation, *, by: User) -> bool:
    """Take back one's own word, while check-in is open. Gives False when there was none.

    When nobody is left of those who checked in, the ledger is as it was before them. Raises as `check_in_self`.
    """
    _enter(session, organisation, by=by)
    rows = Attendance.objects.filter(session=session, organisation=organisation, channel=Channel.SELF)
    delegate = Delegate.objects.filter(attendance__in=rows, person=by.person).select_related("attendance").first()
    if delegate is None:
        return False
    row = delegate.attendance
    with acting(user=by):
        delegate.delete()
        _as_before(row)
    return True


def _enter(session: Session, organisation: Organisation, *, by: User) -> dt.datetime:
    """Let nobody else write the meeting's ledger meanwhile, and give the moment, if check-in is open."""
    lock(Meeting, session.meeting_id)
    session.meeting.refresh_from_db(fields=["status"])
    if by.person_id is None or not may_check_in(by, session, organisation):
        raise PermissionDenied
    now = timezone.now()
    opening = opening_of(session, now)
    if opening != Opening.OPEN:
        raise NotOpen(opening)
    return now


def _row(session: Session, organisation: Organisation, *, at: dt.datetime) -> Attendance:
    """Give the ledger's row of this source, saying that they are there."""
    rows = Attendance.objects.filter(session=session, organisation=organisation, channel=Channel.SELF)
    row = rows.first() or Attendance(
        meeting=session.meeting, session=session, organisation=organisation, channel=Channel.SELF, presence=""
    )
    if row.presence != Presence.PRESENT:
        row.presence, row.arrived_at = Presence.PRESENT, row.arrived_at or at
        row.save()
    return row


def _delegate(row: Attendance, *, by: User, at: dt.datetime) -> Delegate:
    """Give the line of a person in the row: theirs, one that named them already, else a new one."""
    mandates = Mandate.objects.on(timezone.localdate()).filter(person=by.person, organisation=row.organisation_id)
    address = mandates.exclude(email="").values_list("email", flat=True).first() or ""
    named = Q(person=by.person) | Q(person=None, name=str(by.person), email=address)
    known = row.delegates.filter(named).order_by("-person", "pk").first()
    delegate = known or Delegate(attendance=row, name=str(by.person), email=address, joined_at=at)
    delegate.person = by.person
    return delegate


def _settle_mode(row: Attendance) -> None:
    """An organisation is in the room once one of its people is."""
    modes = {mode for mode in row.delegates.values_list("mode", flat=True) if mode}
    mode = ROOM if ROOM in modes else ONLINE if modes else row.mode
    if row.mode != mode:
        row.mode = mode
        row.save()


def _as_before(row: Attendance) -> None:
    """Let the row say what remains: of colleagues who checked in, else what stood there before anybody did."""
    if row.delegates.exists():
        _settle_mode(row)
        return
    place = place_of(Attendance, row.pk)
    change = Change.objects.of_record(place).filter(fields__presence__1=Presence.PRESENT).order_by("-pk").first()
    if (
        change is None
        or not Change.objects.filter(batch=change.batch, part_of=place, model="meetings.delegate").exists()
    ):
        return  # somebody else's word, which stands
    former = change.fields["presence"][0]
    if former is None:
        row.delete()
        return
    row.presence, row.mode, row.arrived_at = former, "", None
    row.save()
