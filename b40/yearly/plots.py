"""Plots, drawn once: across in shares of the width, so that letters keep their size on a phone; down in pixels.

The page draws them with its own colours, `svg_of` for paper.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.html import escape

PAPER_WIDTH = 660
ROOM = 0.07  # at the left, for the numbers of the scale
TOP, BOTTOM = 18.0, 26.0
MOST_LABELS, MOST_LABELS_ON_A_PHONE = 10, 5
# Of more bars than these the outlines would flow together: what is not whole is drawn paler instead.
MOST_OUTLINES = 40
# How each look is drawn on paper: fill, stroke, dashes.
PAPER_LOOKS = {
    "full": ("#1d6b2b", "none", ""),
    "part": ("#dff2dd", "#1d6b2b", "3 2"),
    "pale": ("#8db894", "none", ""),
    "band": ("#dff2dd", "none", ""),
    "line": ("none", "#1d6b2b", ""),
    "scale": ("none", "#d3ddd4", ""),
    "stated": ("#ffffff", "#10231a", ""),
}


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


@dataclass(frozen=True)
class Bar:
    """A box; `look` says which."""

    x: float
    width: float
    y: float
    height: float
    look: str
    title: str = ""

    @property
    def left(self) -> str:
        return _percent(self.x)

    @property
    def across(self) -> str:
        return _percent(self.width)

    @property
    def top(self) -> str:
        return f"{self.y:.1f}"

    @property
    def down(self) -> str:
        return f"{self.height:.1f}"


@dataclass(frozen=True)
class Rule:
    """A straight line."""

    x1: float
    x2: float
    y1: float
    y2: float
    look: str

    @property
    def left(self) -> str:
        return _percent(self.x1)

    @property
    def right(self) -> str:
        return _percent(self.x2)

    @property
    def top(self) -> str:
        return f"{self.y1:.1f}"

    @property
    def foot(self) -> str:
        return f"{self.y2:.1f}"


@dataclass(frozen=True)
class Dot:
    """A mark at a point."""

    x: float
    y: float
    look: str
    title: str = ""

    @property
    def left(self) -> str:
        return _percent(self.x)

    @property
    def top(self) -> str:
        return f"{self.y:.1f}"


@dataclass(frozen=True)
class Label:
    """Words in the picture; `is_minor` ones are left out where it is narrow."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    is_minor: bool = False

    @property
    def left(self) -> str:
        return _percent(self.x)

    @property
    def top(self) -> str:
        return f"{self.y:.1f}"


@dataclass(frozen=True)
class Plot:
    """A picture with its text alternative; the table beside it says the same in full."""

    key: str
    title: str
    text: str
    height: int
    bars: list[Bar] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    legend: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Scale:
    """Numbers from a lowest to a highest, upwards within a plot."""

    lowest: int
    step: int
    highest: int
    height: int

    def y(self, number: float) -> float:
        """Where a number stands."""
        room = self.height - TOP - BOTTOM
        return TOP + room * (1 - (number - self.lowest) / (self.highest - self.lowest))

    @property
    def floor(self) -> float:
        return self.y(self.lowest)

    @property
    def ticks(self) -> list[int]:
        return list(range(self.lowest, self.highest + 1, self.step))

    def draw(self, plot: Plot) -> None:
        """Draw lines across a plot, each with its number."""
        for tick in self.ticks:
            plot.rules.append(Rule(ROOM, 1, self.y(tick), self.y(tick), "scale"))
            plot.labels.append(Label(ROOM - 0.015, self.y(tick) + 4, str(tick), "end"))


def scale_for(numbers: Iterable[int], height: int, *, from_zero: bool = True) -> Scale:
    """Choose a scale of round numbers, with some three or four lines, that holds all of some numbers."""
    known = list(numbers) or [0]
    low, high = (0 if from_zero else min(known)), max(known)
    step = _round_step(max(high - low, 1) / 3)
    lowest = math.floor(low / step) * step
    return Scale(lowest, step, max(math.ceil(high / step) * step, lowest + step), height)


def _round_step(least: float) -> int:
    unit = 1
    while unit * 10 < least:
        unit *= 10
    return next(unit * each for each in (1, 2, 5, 10) if unit * each >= least)


def along(share: float) -> float:
    """Where a share of the plot lies, right of the scale's numbers."""
    return ROOM + (1 - ROOM) * share


@dataclass(frozen=True)
class Column:
    """One bar of `draw_columns`: its number, what stands under it, what is said of it, and whether it is whole."""

    number: int
    label: str
    title: str
    is_whole: bool = True


def draw_columns(plot: Plot, columns: Sequence[Column]) -> None:
    """Draw bars side by side, with as many words below as there is room for."""
    scale = scale_for([column.number for column in columns], plot.height)
    scale.draw(plot)
    slot = 1 / max(len(columns), 1)
    width = min(slot * 0.7, 0.08) * (1 - ROOM)
    for number, column in enumerate(columns):
        middle, y = along((number + 0.5) * slot), scale.y(column.number)
        look = "full" if column.is_whole else partly(columns)
        plot.bars.append(Bar(middle - width / 2, width, y, scale.floor - y, look, column.title))
        if len(columns) <= 24:
            plot.labels.append(Label(middle, y - 5, str(column.number), "middle", is_minor=len(columns) > 14))
    plot.labels.extend(_below(plot, columns))


def partly(columns: Sequence[object]) -> str:
    """How a bar looks that is not the whole number."""
    return "part" if len(columns) <= MOST_OUTLINES else "pale"


def _below(plot: Plot, columns: Sequence[Column]) -> Iterator[Label]:
    """Give the words below the bars, evenly chosen; on a phone fewer of them."""
    often = max(math.ceil(len(columns) / MOST_LABELS), 1)
    on_a_phone = often * max(math.ceil(len(columns) / often / MOST_LABELS_ON_A_PHONE), 1)
    for number in range(0, len(columns), often):
        x = along((number + 0.5) / len(columns))
        at, anchor = (1.0, "end") if x > 0.95 else (x, "middle")
        yield Label(at, plot.height - 6, columns[number].label, anchor, is_minor=number % on_a_phone != 0)


# --- On paper --------------------------------------------------------------------------------------------------------


def svg_of(plot: Plot) -> str:
    """Write a plot as a picture of its own, in the colours of paper and with its legend below."""
    foot = 22 if plot.legend else 0
    parts = [
        *(_paper_rule(rule) for rule in plot.rules if rule.look == "scale"),
        *(_paper_bar(bar) for bar in plot.bars),
        *(_paper_rule(rule) for rule in plot.rules if rule.look != "scale"),
        *(_paper_dot(dot) for dot in plot.dots),
        *(_paper_label(label) for label in plot.labels),
        *_paper_legend(plot),
    ]
    size = f'width="{PAPER_WIDTH}" height="{plot.height + foot}" viewBox="0 0 {PAPER_WIDTH} {plot.height + foot}"'
    letters = 'font-family="Commissioner" font-size="12"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {letters}>{"".join(parts)}</svg>'


def _looks(look: str) -> str:
    fill, stroke, dashes = PAPER_LOOKS[look]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'fill="{fill}" stroke="{stroke}" stroke-width="{2 if look == "line" else 1}"{dashed}'


def _at(share: float) -> str:
    return f"{PAPER_WIDTH * share:.1f}"


def _paper_bar(bar: Bar) -> str:
    size = f'x="{_at(bar.x)}" y="{bar.top}" width="{_at(bar.width)}" height="{bar.down}"'
    return f"<rect {size} {_looks(bar.look)}/>"


def _paper_rule(rule: Rule) -> str:
    ends = f'x1="{_at(rule.x1)}" x2="{_at(rule.x2)}" y1="{rule.top}" y2="{rule.foot}"'
    return f"<line {ends} {_looks(rule.look)}/>"


def _paper_dot(dot: Dot) -> str:
    return f'<circle cx="{_at(dot.x)}" cy="{dot.top}" r="4" {_looks(dot.look)}/>'


def _paper_label(label: Label) -> str:
    return f'<text x="{_at(label.x)}" y="{label.top}" text-anchor="{label.anchor}" fill="#10231a">{escape(label.text)}</text>'


def _paper_legend(plot: Plot) -> list[str]:
    parts, x, middle = [], PAPER_WIDTH * ROOM, plot.height + 12
    for look, words in plot.legend:
        parts.append(_paper_mark(look, x, middle))
        parts.append(f'<text x="{x + 28:.0f}" y="{middle + 4}" fill="#10231a">{escape(words)}</text>')
        x += 50 + 6.6 * len(words)
    return parts


def _paper_mark(look: str, x: float, middle: float) -> str:
    """Draw what a word of the legend stands for: a line, a dot, else a box."""
    if look == "line":
        return f'<rect x="{x:.0f}" y="{middle - 1}" width="22" height="2" {_looks(look)}/>'
    if look == "stated":
        return f'<circle cx="{x + 11:.0f}" cy="{middle}" r="4" {_looks(look)}/>'
    return f'<rect x="{x:.0f}" y="{middle - 5}" width="22" height="10" {_looks(look)}/>'
