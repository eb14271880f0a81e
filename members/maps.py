"""The network's map: one projection for the drawn land (``static/img/land.svg``) and for the points upon it.

Lambert's conformal conic projection on the sphere (Snyder, "Map Projections: A Working Manual", 1987, equations 15-1
to 15-4), with standard parallels 37° and 45° N: shapes stay true between Slovenia and Cyprus. North is up along the
meridian 22.5° E. The picture shows about 12–33° E, 34.3–47.3° N.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import SupportsFloat

WIDTH = 1000
HEIGHT = 840
VIEW_BOX = f"0 0 {WIDTH} {HEIGHT}"

_CENTRAL_MERIDIAN = math.radians(22.5)
_CENTRAL_PARALLEL = math.radians(40.95)
_SOUTHERN, _NORTHERN = math.radians(37), math.radians(45)
_SCALE = 3430.0  # units of the view box to one radius of the Earth


def _stretch(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


_CONE = math.log(math.cos(_SOUTHERN) / math.cos(_NORTHERN)) / math.log(_stretch(_NORTHERN) / _stretch(_SOUTHERN))
_RADIUS = math.cos(_SOUTHERN) * _stretch(_SOUTHERN) ** _CONE / _CONE
_CENTRAL_RADIUS = _RADIUS / _stretch(_CENTRAL_PARALLEL) ** _CONE


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Give the place of a point of the Earth on the map, in units of the view box, x to the right and y downwards.

    Takes decimal degrees north and east; raises ValueError for a pole or beyond, where the projection has no answer.
    """
    if not -90 < latitude < 90:
        raise ValueError(f"latitude {latitude} is not between the poles")
    radius = _RADIUS / _stretch(math.radians(latitude)) ** _CONE
    angle = _CONE * (math.radians(longitude) - _CENTRAL_MERIDIAN)
    return WIDTH / 2 + _SCALE * radius * math.sin(angle), HEIGHT / 2 - _SCALE * (
        _CENTRAL_RADIUS - radius * math.cos(angle)
    )


@dataclass(frozen=True, kw_only=True)
class MapPoint:
    """One mark on the map, as ``components/map.html`` draws it; made by `place` and labelled by `spread_labels`."""

    x: int
    y: int
    label: str
    native: str = ""
    language: str = ""
    href: str = ""
    state: str = "member"
    radius: int = 6
    is_labelled: bool = False
    label_x: int = 0
    label_y: int = 0
    anchor: str = "start"

    @property
    def transform(self) -> str:
        return f"translate({self.x} {self.y})"

    @property
    def title(self) -> str:
        """Both names, or the one."""
        return f"{self.label} ({self.native})" if self.native and self.native != self.label else self.label


_RADII = {"host": 11, "present": 9, "observer": 9, "other": 4}  # of the marks, in units of the view box; others have 6


def place(
    latitude: SupportsFloat,
    longitude: SupportsFloat,
    label: str,
    *,
    native: str = "",
    language: str = "",
    href: str = "",
    state: str = "member",
    radius: int | None = None,
) -> MapPoint | None:
    """Make a point of a place, or None when it lies outside the picture.

    `state` picks the mark and its size, see ``components/map.html``; `radius` sets another size of a disc.
    """
    x, y = (round(value) for value in project(float(latitude), float(longitude)))
    if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
        return None
    size = _RADII.get(state, 6) if radius is None else radius
    return MapPoint(x=x, y=y, label=label, native=native, language=language, href=href, state=state, radius=size)


# Of the label's type, in units of the view box: width of a letter, height of a line, distance to the mark.
_LETTER, _LINE, _GAP = 8.5, 20, 5
_Box = tuple[float, float, float, float]


def spread_labels(points: Iterable[MapPoint], *, limit: int = 24) -> list[MapPoint]:
    """Give the points in drawing order, the first `limit` labelled where that covers no mark and no other label.

    Put the important points first: they get the choice. The others say their name on hover and on focus. The cost
    grows with the number of points times `limit`.
    """
    ordered = list(points)
    marks = [_mark_box(point) for point in ordered]
    taken: list[_Box] = []
    labelled = [_labelled(point, marks, taken) for point in ordered[:limit]]
    rest = [_beside(point) for point in ordered[limit:]]
    return rest + labelled[::-1]


def _labelled(point: MapPoint, marks: Sequence[_Box], taken: list[_Box]) -> MapPoint:
    own = _mark_box(point)
    for label_x, label_y, anchor in _positions(point):
        box = _label_box(point, label_x, label_y, anchor)
        if (
            _is_inside(box)
            and not any(_overlap(box, other) for other in taken)
            and not any(_overlap(box, mark) for mark in marks if mark != own)
        ):
            taken.append(box)
            return replace(point, is_labelled=True, label_x=label_x, label_y=label_y, anchor=anchor)
    return _beside(point)


def _beside(point: MapPoint) -> MapPoint:
    """A label that appears on hover alone: on the side that has room."""
    label_x, label_y, anchor = next(
        spot for spot in _positions(point) if _is_inside(_label_box(point, *spot)) or spot[2] == "middle"
    )
    return replace(point, label_x=label_x, label_y=label_y, anchor=anchor)


def _positions(point: MapPoint) -> list[tuple[int, int, str]]:
    """Offsets from the mark's centre to the label's baseline: right, left, above, below."""
    away = point.radius + _GAP
    return [
        (away, 6, "start"),
        (-away, 6, "end"),
        (0, -away, "middle"),
        (0, away + 14, "middle"),
    ]


def _label_box(point: MapPoint, label_x: int, label_y: int, anchor: str) -> _Box:
    width = len(point.label) * _LETTER
    left = point.x + label_x - {"start": 0.0, "end": width, "middle": width / 2}[anchor]
    bottom = point.y + label_y + _LINE * 0.25
    return left, bottom - _LINE, left + width, bottom


def _mark_box(point: MapPoint) -> _Box:
    return (
        point.x - point.radius,
        point.y - point.radius,
        point.x + point.radius,
        point.y + point.radius,
    )


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _is_inside(box: _Box) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT
