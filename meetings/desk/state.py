"""What a desk shows: the grid of one source, who is here by the ledger's one rule, and a number that tells of any change."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from meetings.grid import Grid, Refusal, cell_name, others_of, own_rows, read_grid, state_label, state_of
from meetings.models import Attendance, Channel, CheckIn, Meeting, Session
from members.freshness import record_version

# Whose word is entered at a desk: what the secretariat sees itself, or what the signed sheet says.
DESK_CHANNELS = (Channel.SECRETARIAT, Channel.SIGN_SHEET)


@dataclass(frozen=True)
class Here:
    """How many cities are here: at the meeting, and by column, as `Column.name` names it."""

    cities: int
    columns: dict[str, int]


@dataclass(frozen=True)
class Desk:
    """A meeting's desk for one source."""

    meeting: Meeting
    channel: str
    version: str
    sessions: list[Session]
    grid: Grid
    here: Here

    @property
    def listed_cities(self) -> int:
        """The cities in the list, whoever of them is here."""
        return sum(row.organisation.is_city for row in self.grid.rows)

    @property
    def is_hybrid(self) -> bool:
        return self.meeting.mode == "hybrid"


def read_desk(meeting: Meeting, channel: str, refusals: Sequence[Refusal] = (), also: Collection[int] = ()) -> Desk:
    """Read a meeting's desk; a fixed number of queries."""
    version = desk_version(meeting)  # before the rows: what comes in between is then told as new
    sessions = list(meeting.sessions.prefetch_related("working_groups"))
    rows = read_rows(meeting)
    grid = read_grid(meeting, sessions, rows, refusals, channel, also)
    return Desk(meeting, channel, version, sessions, grid, count_here(rows))


def read_rows(meeting: Meeting) -> list[Attendance]:
    """Read a meeting's ledger with whether each row counts; one query."""
    rows = Attendance.objects.filter(meeting=meeting).with_counted().select_related("organisation")
    return list(
        rows.only("meeting", "session", "presence", "mode", "channel", "organisation__kind", "organisation__key")
    )


def count_here(rows: Iterable[Attendance]) -> Here:
    """Count the cities that are here. Takes rows annotated by `with_counted`: the ledger's one rule."""
    counted = [row for row in rows if row.is_counted and row.organisation.is_city]  # type: ignore[attr-defined]
    columns: dict[str, set[int]] = {}
    for row in counted:
        columns.setdefault(str(row.session_id or 0), set()).add(row.organisation_id)
    return Here(len({row.organisation_id for row in counted}), {name: len(each) for name, each in columns.items()})


def desk_version(meeting: Meeting) -> str:
    """Name the state of what a desk shows; another name after every change. Two queries, whatever the size."""
    waiting = CheckIn.objects.filter(session__meeting=meeting).waiting().aggregate(number=Count("pk"), last=Max("pk"))
    return f"{record_version()[:20]}-{waiting['number']}-{waiting['last'] or 0}"


def desk_state(meeting: Meeting, channel: str) -> dict[str, Any]:
    """Say as JSON would what the cells show now, those that show nothing left out. Four queries."""
    version = desk_version(meeting)
    return {"version": version, **_cells(read_rows(meeting), channel), "waiting": int(version.split("-")[1])}


def _cells(rows: list[Attendance], channel: str) -> dict[str, Any]:
    own, others = own_rows(rows, channel), others_of(rows, channel)
    here = {(row.organisation_id, row.session_id) for row in rows if row.is_counted}  # type: ignore[attr-defined]
    cells = {
        cell_name(key): [state_of(own.get(key)), "; ".join(others.get(key, [])), int(key in here)]
        for key in own.keys() | others.keys()
    }
    counted = count_here(rows)
    return {"cells": cells, "here": counted.cities, "columns": counted.columns}


def now_in_words(refusal: Refusal) -> str:
    """Say what stands in a refused cell now, and by whom."""
    if refusal.is_gone:
        return _("gone; there is nothing to save to")
    state, row = state_label(refusal.stored), refusal.row
    if row is None or row.recorded_by is None:
        return state
    words = {"state": state, "who": row.recorded_by, "when": date_format(localtime(row.recorded_at), "j F Y, H:i")}
    return _("%(state)s (%(who)s, %(when)s)") % words
