"""A report, read: every visit of everybody, with its time in a zone."""

import datetime as dt
import unicodedata
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from meetings.reports.layouts import Layout, Table, layout_of
from meetings.reports.moments import Stamp, order_of, read_duration, read_stamp
from meetings.reports.reading import Line, readings_of
from meetings.reports.refusals import UnreadableReport
from meetings.reports.words import JOINED, LEFT, NO, YES
from members.names import search_text

MOST_VISITS = 5_000
LONGEST_NAME = 200
LONGEST_ADDRESS = 254
_STAMPED = ("join", "leave", "first_join", "last_leave", "stamp")


@dataclass(frozen=True)
class Visit:
    """One stay of somebody in the call, as one line tells it; `is_total` when the line sums up all stays of a person."""

    line: int
    name: str
    email: str = ""
    joined: dt.datetime | None = None
    left: dt.datetime | None = None
    seconds: int | None = None
    original: str = ""
    role: str = ""
    waited: bool = False  # in the waiting room, not in the call
    is_total: bool = False


@dataclass(frozen=True)
class Report:
    """What a file tells. `closed_at` is the last time in it: who had not left by then was still there."""

    layout: Layout
    visits: list[Visit]
    unread: list[int] = field(default_factory=list)  # numbers of lines in a table that name nobody
    not_there: int = 0  # registered, and marked as not having come
    order: str = "dmy"
    closed_at: dt.datetime | None = None

    @property
    def opened_at(self) -> dt.datetime | None:
        return min((visit.joined for visit in self.visits if visit.joined), default=None)


def read_report(raw: bytes, *, zone: str, near: dt.date) -> Report:
    """Read a file's bytes.

    Takes the zone that its times are written in, and the day about which they should be: it tells 3/4 from 4/3, and
    stands where a file gives times without days. Raises UnreadableReport, and nothing else, for what is no report.
    """
    return _Reader(layout_of(readings_of(raw)), zoneinfo.ZoneInfo(zone), near).read()


def clean(text: str) -> str:
    """Take out what is not seen: marks of direction, joiners, doubled spaces."""
    kept = "".join(
        letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter) not in {"Cf", "Cc"}
    )
    return " ".join(kept.split())[:LONGEST_NAME]


class _Reader:
    def __init__(self, layout: Layout, zone: dt.tzinfo, near: dt.date) -> None:
        self.layout = layout
        self.zone = self.table_zone = zone
        self.near = near
        self.unread: list[int] = []
        self.not_there = 0
        self.order = order_of(self._stamps(), near)

    def read(self) -> Report:
        visits = [visit for table in self.layout.tables for visit in self._of_table(table)]
        if not visits:
            raise UnreadableReport(_("The file names no participants: below its headings nobody has a name."))
        if len(visits) > MOST_VISITS:
            raise UnreadableReport(
                _("The file tells of %(number)d visits; no call of ours has more than %(most)d: is it the right file?")
                % {"number": len(visits), "most": MOST_VISITS}
            )
        times = [time for visit in visits for time in (visit.joined, visit.left) if time]
        closed_at = max(times, default=None)
        return Report(self.layout, visits, self.unread, self.not_there, self.order, closed_at)

    def _stamps(self) -> Iterator[Stamp]:
        for table in self.layout.tables:
            roles = [role for role in _STAMPED if role in table.columns]
            for line in table.lines:
                yield from (stamp for role in roles if (stamp := read_stamp(table.cell(line, role))))

    def _of_table(self, table: Table) -> Iterator[Visit]:
        self.table_zone = dt.UTC if table.in_utc else self.zone
        if "action" in table.columns and "stamp" in table.columns:
            yield from self._of_actions(table)
            return
        for line in table.lines:
            visit = self._visit(table, line)
            if visit:
                yield visit

    def _visit(self, table: Table, line: Line) -> Visit | None:
        who = self._who(table, line)
        if who is None:
            return None
        if search_text(table.cell(line, "attended")) in NO:
            self.not_there += 1
            return None
        is_total = table.is_of_totals
        joined = self._moment(table.cell(line, "first_join" if is_total else "join"))
        left = self._moment(table.cell(line, "last_leave" if is_total else "leave"))
        if joined and left and left < joined:
            left = (
                left + dt.timedelta(days=1) if left + dt.timedelta(days=1) - joined < dt.timedelta(hours=16) else None
            )
        seconds = read_duration(table.cell(line, "duration"), in_seconds=table.in_seconds)
        waited = search_text(table.cell(line, "waiting")) in YES
        return replace(who, joined=joined, left=left, seconds=seconds, waited=waited, is_total=is_total)

    def _of_actions(self, table: Table) -> Iterator[Visit]:
        """Pair the comings and goings of each person."""
        moves: dict[tuple[str, str], list[tuple[dt.datetime, bool, Visit]]] = defaultdict(list)
        comes_first = self._first_action(table)
        for line in table.lines:
            who, moment = self._who(table, line), self._moment(table.cell(line, "stamp"))
            action = search_text(table.cell(line, "action"))
            if who and moment:
                came = action in JOINED or (action not in LEFT and action == comes_first)
                moves[who.name, who.email].append((moment, came, who))
            elif who:
                self.unread.append(line.number)
        for each in moves.values():
            yield from _paired(each)

    def _first_action(self, table: Table) -> str:
        """Give the word that people begin with, for languages that we do not know: nobody leaves before having come."""
        return next((search_text(table.cell(line, "action")) for line in table.lines if table.cell(line, "action")), "")

    def _who(self, table: Table, line: Line) -> Visit | None:
        name = clean(_name(table, line))
        email = _address(table.cell(line, "email")) or _address(table.cell(line, "upn"))
        if not name and not email:
            self.unread.append(line.number)
            return None
        original = clean(table.cell(line, "original"))
        return Visit(line.number, name or email, email, original=original, role=clean(table.cell(line, "role")))

    def _moment(self, text: str) -> dt.datetime | None:
        stamp = read_stamp(text) if text else None
        if stamp is None:
            return None
        day = stamp.day_in(self.order) if stamp.numbers or stamp.day else self.near
        if day is None or not 2000 <= day.year <= 2199:
            return None
        zone = dt.timezone(stamp.offset) if stamp.offset is not None else self.table_zone
        return dt.datetime.combine(day, stamp.time, zone).astimezone(dt.UTC)


def _name(table: Table, line: Line) -> str:
    """Give the whole name: one column's, or what several make together; “Ime” stands for both, and beside “Prezime” for one."""
    whole, first, last = (table.cell(line, role) for role in ("name", "first", "last"))
    if whole and {"first", "last"} <= table.roles:
        return whole
    return " ".join(filter(None, [first, whole, last]))


def _paired(moves: Iterable[tuple[dt.datetime, bool, Visit]]) -> Iterator[Visit]:
    here: tuple[dt.datetime, Visit] | None = None
    for moment, came, who in sorted(moves, key=lambda move: (move[0], not move[1])):
        if came and here is None:
            here = (moment, who)
        elif not came and here is not None:
            yield replace(here[1], joined=here[0], left=moment)
            here = None
        elif not came:
            yield replace(who, left=moment)
    if here is not None:
        yield replace(here[1], joined=here[0])


def _address(text: str) -> str:
    """Give a mail address in lower case; "" for what is none."""
    text = clean(text).removeprefix("mailto:").strip("<>").lower()
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text if len(text) <= LONGEST_ADDRESS else ""
