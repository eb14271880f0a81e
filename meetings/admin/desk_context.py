"""What the pages of the attendance desk show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.desk.checking_in import Opening, opening_of
from meetings.desk.finding import find_organisations
from meetings.desk.state import DESK_CHANNELS, Desk, now_in_words
from meetings.grid import IN_THE_ROOM, ONLINE, STATE_LABELS, Refusal, Row, state_label
from meetings.models import Attendance, Channel, CheckIn, Presence
from meetings.permissions import may_record_attendance
from members.models import Organisation, User

CHANNEL_LABELS = {
    Channel.SECRETARIAT: gettext_lazy("what I see myself"),
    Channel.SIGN_SHEET: gettext_lazy("the sign sheet"),
}

# On a button, beside those of the other states.
SHORT_LABELS = {IN_THE_ROOM: gettext_lazy("room"), ONLINE: gettext_lazy("online")}


@dataclass(frozen=True)
class RefusedLine:
    """A refused cell in words: what stands there now, and what was chosen."""

    label: str
    now: str
    mine: str


@dataclass(frozen=True)
class Search:
    """What was looked for: the rows of the list that it means, and organisations that are not in the list."""

    text: str
    rows: list[Row]
    others: list[Organisation]


def desk_context(request: HttpRequest, desk: Desk, refusals: Sequence[Refusal] = ()) -> dict[str, Any]:
    """Give the variables of the desk's template; a fixed number of queries."""
    user = cast(User, request.user)
    return {
        "subtitle": _("Attendance desk"),
        "is_nav_sidebar_enabled": False,
        "desk": desk,
        "grid": desk.grid,
        "search": _search(request.GET.get("q", "").strip()[:200], desk),
        "columns": [(column, desk.here.columns.get(column.name, 0)) for column in desk.grid.columns],
        "channels": [(channel, CHANNEL_LABELS[channel]) for channel in DESK_CHANNELS],
        "states": _states(desk),
        "buttons": [(value, label, SHORT_LABELS.get(value, label)) for value, label in _buttons(desk)],
        "now": _running(desk),
        "may_record": may_record_attendance(user) and not desk.meeting.is_closed,
        "refused": [_line(desk, refusal) for refusal in refusals],
        "undo": request.GET.get("undo", "")[:40],
        "waiting": list(_waiting(user, desk)) if may_record_attendance(user) else [],
        "waiting_open": request.GET.get("open") == "check-ins",
        "unsettled": Attendance.objects.filter(meeting=desk.meeting).unsettled().count(),
    }


def channel_of(sent: Mapping[str, str]) -> str:
    """Read whose word is entered: the secretariat's unless it says the sheet's."""
    channel = sent.get("channel", "")
    return channel if channel in DESK_CHANNELS else Channel.SECRETARIAT


def keys_of(texts: Iterable[str]) -> list[int]:
    """Read the keys of records, leaving out what is none."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def refusal_json(refusal: Refusal) -> dict[str, Any]:
    """Say as JSON would what stands in a refused cell now, and what was chosen."""
    return {
        "state": refusal.stored,
        "now": now_in_words(refusal),
        "mine": state_label(refusal.edit.wanted),
        "is_gone": refusal.is_gone,
    }


def _states(desk: Desk) -> list[tuple[str, str]]:
    """Give the states to choose from; where some may be online, present in two ways more."""
    shown = {cell.chosen for row in desk.grid.rows for cell in row.cells}
    modes = [state for state in (IN_THE_ROOM, ONLINE) if desk.is_hybrid or state in shown]
    wanted = ["", Presence.PRESENT, *modes, Presence.EXCUSED, Presence.ABSENT]
    return [(state, str(STATE_LABELS[state])) for state in wanted]


def _buttons(desk: Desk) -> list[tuple[str, str]]:
    """Give the states that a tap sets: where some may be online, present is one of two."""
    return [(state, label) for state, label in _states(desk) if state and not (desk.is_hybrid and state == "present")]


def _search(text: str, desk: Desk) -> Search:
    if not text:
        return Search("", desk.grid.rows, [])
    found = {each.pk: each for each in find_organisations(text)}
    rows = [row for row in desk.grid.rows if row.organisation.pk in found]
    listed = {row.organisation.pk for row in rows}
    return Search(text, rows, [each for key, each in found.items() if key not in listed])


def _running(desk: Desk) -> str:
    """Name the column of the session that runs now; the whole meeting's when none does."""
    now = timezone.now()
    for session in desk.sessions:
        session.meeting = desk.meeting
    running = (session.pk for session in desk.sessions if opening_of(session, now) == Opening.OPEN)
    return str(next(running, 0))


def _waiting(user: User, desk: Desk) -> Iterable[CheckIn]:
    waiting = CheckIn.objects.visible_to(user).filter(session__in=[session.pk for session in desk.sessions]).waiting()
    labels = {session.pk: session for session in desk.sessions}
    for each in waiting.select_related("organisation"):
        each.session = labels[each.session_id]
        yield each


def _line(desk: Desk, refusal: Refusal) -> RefusedLine:
    names = {row.organisation.pk: row.organisation.name for row in desk.grid.rows}
    columns = {column.session: column.label for column in desk.grid.columns}
    organisation = names.get(refusal.edit.organisation, _("an organisation that is no more"))
    column = columns.get(refusal.edit.session, _("a session that is no more"))
    return RefusedLine(f"{organisation} · {column}", now_in_words(refusal), state_label(refusal.edit.wanted))
