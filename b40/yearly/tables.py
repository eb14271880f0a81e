"""What a report is made of: sections with sentences, plots and tables. Each is said once here and written down elsewhere."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.formats import date_format

from b40.yearly.plots import Plot
from meetings.models import Meeting
from members.models import Organisation

# The network has some eighty cities and twenty meetings a year. Of a larger one the tables list the first rows, and say so.
MOST_ROWS = 120
# Up to so many meetings each has a field of its own in a strip; of more, neighbours that look alike flow together.
MOST_FIELDS = 60
# Of more rows than these a phone shows the heading first.
MOST_OPEN_ROWS = 24
# How high what is drawn on the ground of a strip stands.
HEIGHTS = {"came": 1.0, "missed": 0.25}

Value = str | int | dt.date | None


@dataclass(frozen=True)
class Cell:
    """A fact of a table: a text, a number, a day, or nothing, with the words to say for nothing."""

    value: Value
    url: str = ""
    native: str = ""  # a name in its own language
    language: str = ""
    note: str = ""  # a remark that belongs to it
    words: str = ""  # how a reader sees the value, where that is more than the value
    blank: str = "–"  # what stands for nothing

    @property
    def text(self) -> str:
        """As a reader sees it."""
        if self.words:
            return self.words
        if isinstance(self.value, dt.date):
            return date_format(self.value, "j F Y")
        return self.blank if self.value is None or self.value == "" else str(self.value)


def city_cell(city: Organisation) -> Cell:
    """Name an organisation in both its spellings, with its page. Asks no query where `names` was prefetched."""
    own = city.own_name
    native, language = (own.text, own.language_tag) if own else ("", "")
    return Cell(city.name, city.get_absolute_url(), native, language)


def meeting_cell(meeting: Meeting) -> Cell:
    """Name a meeting, with its page."""
    return Cell(meeting.title, meeting.get_absolute_url())


@dataclass(frozen=True)
class Column:
    """A column's heading; `kind` is text, number or date, `share` how wide it is on paper beside the others."""

    label: str
    kind: str = "text"
    share: int = 2

    @property
    def is_number(self) -> bool:
        return self.kind == "number"


@dataclass(frozen=True)
class Run:
    """Neighbouring meetings of one strip that look alike: from which one on, how many, and how they look."""

    start: int
    length: int
    look: str


@dataclass(frozen=True)
class Strip:
    """One city over all meetings: a narrow picture of who came when."""

    states: Sequence[str]  # one a meeting, see `HEIGHTS`; "" for nothing to be said

    @property
    def runs(self) -> Iterator[Run]:
        """What looks alike, together; meeting by meeting while there is room to tell them apart."""
        if len(self.states) <= MOST_FIELDS:
            yield from (Run(start, 1, look) for start, look in enumerate(self.states) if look)
            return
        start = 0
        for look, same in groupby(self.states):
            length = len(list(same))
            if look:
                yield Run(start, length, look)
            start += length

    @property
    def gap(self) -> float:
        """What is left free between two fields, in fields."""
        return 0.08 if len(self.states) <= MOST_FIELDS else 0.0

    @property
    def paths(self) -> list[tuple[str, str]]:
        """Every look that occurs, drawn as one path, a unit a meeting; the ground first."""
        runs = list(self.runs)
        ground = "".join(self._box(run, 1) for run in runs if run.look != "came")
        looks = [(look, "".join(self._box(run, HEIGHTS[look]) for run in runs if run.look == look)) for look in HEIGHTS]
        return [(look, path) for look, path in [("open", ground), *looks] if path]

    def _box(self, run: Run, height: float) -> str:
        return f"M{run.start} {1 - height:.2g}h{run.length - self.gap:g}v{height:g}H{run.start}z"


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first cell of each row names it."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: int = 0  # of rows, when more exist than stand here
    notes: Sequence[str] = ()
    empty: str = ""  # what is said where no row is
    bar: int | None = None  # the column that is drawn as bars
    strips: Sequence[Strip] = ()
    sheet: str = ""  # its name in a workbook, where the title is too long for one

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.rows)

    @property
    def is_long(self) -> bool:
        return len(self.rows) > MOST_OPEN_ROWS

    @property
    def shares(self) -> list[float]:
        """How long each row's bar is, in parts of the longest."""
        if self.bar is None:
            return []
        numbers = [value if isinstance(value := row[self.bar].value, int) else 0 for row in self.rows]
        greatest = max([1, *numbers])
        return [number / greatest for number in numbers]

    @property
    def lines(self) -> list[dict[str, object]]:
        """The rows as a page shows them: the cells beside their columns, the bar, the strip."""
        shares = [f"{100 * share:.1f}%" for share in self.shares] or [""] * len(self.rows)
        strips: Sequence[Strip | None] = self.strips or [None] * len(self.rows)
        return [
            {"head": row[0], "cells": list(zip(self.columns[1:], row[1:], strict=True)), "share": share, "strip": strip}
            for row, share, strip in zip(self.rows, shares, strips, strict=True)
        ]


@dataclass(frozen=True)
class Figure:
    """A big number, with where its rows are."""

    number: int
    label: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Section:
    """One matter of the report."""

    key: str
    title: str
    lead: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    notices: Sequence[str] = ()  # what must not be missed before a number is quoted
    plots: Sequence[Plot] = ()
    tables: Sequence[Table] = field(default_factory=tuple)
    sheets: Sequence[Table] = ()  # tables that only a workbook has room for


def cut(rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    """Keep as many rows as a report lists."""
    return rows[:MOST_ROWS]
