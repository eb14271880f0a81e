"""The tables among the lines of a report: by their headings in any known language, else by what their columns hold."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from meetings.models.attendance import Channel
from meetings.reports.moments import names_unit, read_duration, read_stamp
from meetings.reports.reading import Line, Lines
from meetings.reports.refusals import UnreadableReport
from meetings.reports.words import NO, YES, role_of
from members.names import search_text

NAMING = {"name", "first", "last", "email"}
TELLING = {"join", "leave", "first_join", "last_leave", "duration", "stamp", "action", "attended"}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+$")
_SECTION = re.compile(r"^\s*\d{1,2}\.\s+\S")
_TITLES = ("topic", "meeting title", "toplanti basligi", "konu", "tema", "titlos syskepsis")
# How much of a column must be of a kind for it to be that.
_SHARE = 0.6
# Headings stand near the beginning, or below an empty line or the name of a section.
NEAR_BEGINNING = 60
MOST_LINES_GUESSED = 5_000
LOOKED_AT = 500


@dataclass(frozen=True)
class Table:
    """One table of a report: which column holds what, and its lines."""

    columns: dict[str, int]
    lines: Lines
    in_seconds: bool = False
    in_utc: bool = False

    def cell(self, line: Line, role: str) -> str:
        at = self.columns.get(role, -1)
        return line.cells[at] if 0 <= at < len(line.cells) else ""

    @property
    def is_of_totals(self) -> bool:
        """Whether a line tells of a person's first coming and last leaving, not of one visit."""
        return "first_join" in self.columns or "last_leave" in self.columns

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.columns)


@dataclass(frozen=True)
class Layout:
    """The tables of one report, and whose it seems to be; `channel` is "" when nothing tells."""

    tables: list[Table] = field(default_factory=list)
    channel: str = ""
    title: str = ""
    is_guessed: bool = False

    @property
    def weight(self) -> tuple[int, int]:
        """What makes one reading of a file likelier than another: more known columns, then more lines."""
        return max((len(table.roles) for table in self.tables), default=0), sum(len(t.lines) for t in self.tables)


def layout_of(readings: Sequence[Lines]) -> Layout:
    """Find the tables of the likeliest reading. Raises UnreadableReport when none holds people with times."""
    for find in (_headed, _guessed):
        layouts = [layout for layout in map(find, readings) if any(table.lines for table in layout.tables)]
        if layouts:
            return max(layouts, key=lambda layout: layout.weight)
    seen = next((line for lines in readings for line in lines if any(line.cells)), None)
    if any(_headed(lines).tables for lines in readings):
        raise UnreadableReport(_("The file names no participants: it has headings, and no line below them."))
    raise UnreadableReport(
        _(
            "No list of participants was found: no line names columns such as name, join time and duration. The file begins with “%(text)s”. "
            "Choose the file that Zoom (Reports, Usage, participants) or Teams (Attendance, Download) gives."
        )
        % {"text": " ".join(seen.cells if seen else ())[:60]}
    )


# --- By headings -----------------------------------------------------------------------------------------------------


def _headed(lines: Lines) -> Layout:
    may_be = (at for at in range(len(lines)) if at < NEAR_BEGINNING or not any(lines[at - 1].cells[1:]))
    heads = [(at, columns) for at in may_be if (columns := _columns(lines[at]))]
    tables = []
    for (at, columns), (end, _next) in zip(heads, [*heads[1:], (len(lines), {})], strict=False):
        rows = list(_rows_below(lines[at + 1 : end], len(lines[at].cells)))
        if end < len(lines) and rows and _is_alone(rows[-1]):
            rows.pop()  # what the next table is called
        seconds = any("second" in cell.lower() or "saniye" in cell.lower() for cell in lines[at].cells)
        in_utc = any("utc" in search_text(lines[at].cells[column]) for column in columns.values())
        tables.append(Table(_supplemented(columns, rows), rows, in_seconds=seconds, in_utc=in_utc))
    return Layout(tables, _channel(lines, [at for at, _columns in heads]), _title(lines))


def _columns(line: Line) -> dict[str, int]:
    """Read a line as headings; empty when it is none: it must name people and say something of their presence."""
    found: dict[str, list[int]] = {}
    for at, cell in enumerate(line.cells):
        role = role_of(cell)
        if role and role != "other":
            found.setdefault(role, []).append(at)
    columns = _of_participants(line, found)
    is_head = not columns.keys().isdisjoint(NAMING - {"email"}) and not columns.keys().isdisjoint(TELLING | {"email"})
    return columns if is_head and not any(read_stamp(cell) for cell in line.cells) else {}


def _of_participants(line: Line, found: dict[str, list[int]]) -> dict[str, int]:
    """Choose among columns of one role: those of the host and the call stand before those of the participant."""
    names = found.get("name", [])
    name = next((at for at in names if "orig" in search_text(line.cells[at])), names[0] if names else -1)
    return {
        role: name if role == "name" else next((at for at in ats if at > name), ats[0]) for role, ats in found.items()
    }


def _rows_below(lines: Lines, width: int) -> Iterator[Line]:
    """Give the lines of a table: up to a heading of the next section, which fills its first cell alone."""
    for line in lines:
        if not any(line.cells):
            continue
        if _is_alone(line) and (_SECTION.match(line.cells[0]) or (len(line.cells) < width and width > 1)):
            return
        yield line


def _is_alone(line: Line) -> bool:
    """Whether a line fills its first cell alone, as the names of sections do."""
    return bool(line.cells[0]) and not any(line.cells[1:])


def _supplemented(columns: dict[str, int], rows: Lines) -> dict[str, int]:
    """Tell columns under unknown headings by what they hold, where the known ones leave a gap."""
    found = _by_content(rows, set(columns.values()))
    times = found.keys() & {"join", "leave", "stamp"}
    if columns.keys() & {"join", "first_join", "stamp"} and columns.keys() & {"leave", "last_leave", "action"}:
        times = set()
    extra = {role: at for role, at in found.items() if role in {"email", "duration"} | times and role not in columns}
    return {**extra, **columns}


# --- By content ------------------------------------------------------------------------------------------------------


def _guessed(lines: Lines) -> Layout:
    """Take the lines of one width that hold most times, addresses and durations; what names people is the column of unlike texts."""
    telling: Counter[int] = Counter()
    lines = lines[:MOST_LINES_GUESSED]
    for line in lines[:LOOKED_AT]:
        telling[len(line.cells)] += sum(1 for cell in line.cells if _kind(cell) in {"time", "email", "span"})
    for width, number in telling.most_common(2):
        rows = [
            line
            for line in lines
            if len(line.cells) == width and any(_kind(c) in {"time", "email"} for c in line.cells)
        ]
        columns = _by_content(rows, set())
        if number and columns.keys() & {"join", "stamp", "email"} and "name" in columns:
            return Layout([Table(columns, rows)], is_guessed=True)
    return Layout()


def _by_content(rows: Lines, taken: set[int]) -> dict[str, int]:
    rows = rows[:LOOKED_AT]
    width = max((len(line.cells) for line in rows), default=0)
    kinds = {at: _kind_of(rows, at) for at in range(width) if at not in taken}
    columns: dict[str, int] = {}
    for kind, role in (("email", "email"), ("span", "duration")):
        if ats := [at for at in kinds if kinds[at] == kind]:
            columns[role] = ats[0]
    times = [at for at in kinds if kinds[at] == "time"]
    texts = sorted((at for at in kinds if kinds[at] == "text"), key=lambda at: -_variety(rows, at))
    columns |= {"name": texts[0]} if texts else {}
    if len(times) > 1:
        columns |= dict(zip(("join", "leave"), _in_order(rows, times[0], times[1]), strict=True))
        if len(times) > 2 and "duration" not in columns:
            columns["duration"] = times[2]
    elif times:
        words = [at for at in texts[1:] if 1 <= _variety(rows, at) <= 3]
        columns |= {"stamp": times[0], "action": words[0]} if words else {"join": times[0]}
    if "duration" not in columns and (numbers := [at for at in kinds if kinds[at] == "number"]):
        columns["duration"] = numbers[-1]
    return columns


def _kind_of(rows: Lines, at: int) -> str:
    kinds = Counter(_kind(line.cells[at]) for line in rows if at < len(line.cells) and line.cells[at])
    if not kinds:
        return ""
    kind, number = kinds.most_common(1)[0]
    return kind if number >= _SHARE * sum(kinds.values()) else ""


def _kind(cell: str) -> str:
    if not cell:
        return ""
    if _ADDRESS.match(cell):
        return "email"
    if names_unit(cell) and not _is_with_day(cell):
        return "span"
    if read_stamp(cell):
        return "time"
    if search_text(cell) in YES | NO:
        return "flag"
    if read_duration(cell) is not None:
        return "number"
    return "text" if any(letter.isalpha() for letter in cell) else ""


def _is_with_day(cell: str) -> bool:
    stamp = read_stamp(cell)
    return stamp is not None and (stamp.day is not None or stamp.numbers is not None or any(c.isalpha() for c in cell))


def _variety(rows: Lines, at: int) -> int:
    return len({line.cells[at] for line in rows if at < len(line.cells) and line.cells[at]})


def _in_order(rows: Lines, one: int, two: int) -> tuple[int, int]:
    """Tell which of two columns of times is the earlier one."""
    later = 0
    for line in rows:
        first, second = (read_stamp(line.cells[at]) if at < len(line.cells) else None for at in (one, two))
        if (
            first
            and second
            and first.numbers == second.numbers
            and first.day == second.day
            and first.time != second.time
        ):
            later += 1 if first.time < second.time else -1
    return (one, two) if later >= 0 else (two, one)


# --- Whose it is -----------------------------------------------------------------------------------------------------


def _channel(lines: Lines, heads: Sequence[int]) -> str:
    """Tell Zoom from Teams by what only one of them writes."""
    said = {search_text(cell) for at in heads for cell in lines[at].cells}
    before = [line.cells[0] for line in lines[: heads[0] if heads else 0] if line.cells]
    roles = {role_of(cell) for cell in said}
    if roles & {"upn", "first_join", "last_leave", "action"} or any(_SECTION.match(cell) for cell in before):
        return Channel.TEAMS
    marks = (
        "original",
        "orijinal",
        "recording",
        "waiting room",
        "user email",
        "attended",
        "is guest",
        "time in session",
        "orig",
    )
    preface = {search_text(cell) for line in lines[:3] for cell in line.cells}
    if preface & {"meeting id", "webinar id", "attendee report"} or any(
        mark in cell for mark in marks for cell in said
    ):
        return Channel.ZOOM
    teams = {"meeting summary", "total number of participants", "meeting title"}
    return Channel.TEAMS if teams & {search_text(cell) for cell in before} or "full name" in said else ""


def _title(lines: Lines) -> str:
    """Give what the call was named, where the file says it: below its heading, or beside it."""
    for at, line in enumerate(lines[:12]):
        for column, cell in enumerate(line.cells):
            if search_text(cell) not in _TITLES:
                continue
            below = lines[at + 1].cells if at + 1 < len(lines) else ()
            beside = line.cells[column + 1] if column + 1 < len(line.cells) else ""
            if column == 0 and beside and not role_of(beside):
                return beside
            return below[column] if column < len(below) else ""
    return ""
