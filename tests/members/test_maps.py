"""The map's projection: known values, properties of a conformal conic, and labels that cover nothing."""

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

from members import maps

LAND = Path(__file__).parents[2] / "static" / "img" / "land.svg"


def snyder(latitude, longitude):
    """Equations 15-1 to 15-4 of Snyder's manual, written out a second time, with sines instead of half angles."""
    phi, phi1, phi2, phi0 = (math.radians(value) for value in (latitude, 37, 45, 40.95))
    t = lambda angle: math.sqrt((1 + math.sin(angle)) / (1 - math.sin(angle)))  # noqa: E731 - a formula
    n = math.log(math.cos(phi1) / math.cos(phi2)) / math.log(t(phi2) / t(phi1))
    rho = lambda angle: math.cos(phi1) * t(phi1) ** n / n / t(angle) ** n  # noqa: E731 - a formula
    theta = n * math.radians(longitude - 22.5)
    return 500 + 3430 * rho(phi) * math.sin(theta), 420 - 3430 * (rho(phi0) - rho(phi) * math.cos(theta))


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(41.008, 28.978), (37.984, 23.728), (45.815, 15.982), (34.3, 12), (47.3, 33)]
)
def test_project_agrees_with_the_manual(latitude, longitude):
    assert maps.project(latitude, longitude) == pytest.approx(snyder(latitude, longitude), abs=1e-6)


def test_project_central_point_is_the_middle_of_the_picture():
    assert maps.project(40.95, 22.5) == pytest.approx((maps.WIDTH / 2, maps.HEIGHT / 2))


def test_project_north_is_up_and_east_is_right():
    athens, sofia, istanbul = maps.project(37.98, 23.73), maps.project(42.7, 23.32), maps.project(41.01, 28.98)

    assert sofia[1] < athens[1]
    assert istanbul[0] > sofia[0]


@pytest.mark.parametrize("latitude", [34.5, 37, 41, 45, 47])
def test_project_is_conformal(latitude):
    step = 1e-4
    x, y = maps.project(latitude, 16)
    north, east = maps.project(latitude + step, 16), maps.project(latitude, 16 + step)
    scale_north = math.hypot(north[0] - x, north[1] - y)
    scale_east = math.hypot(east[0] - x, east[1] - y) / math.cos(math.radians(latitude))

    assert scale_north == pytest.approx(scale_east, rel=1e-4)
    assert (north[0] - x) * (east[0] - x) + (north[1] - y) * (east[1] - y) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("latitude", [90, -90, 91])
def test_project_pole_raises(latitude):
    with pytest.raises(ValueError, match="poles"):
        maps.project(latitude, 20)


def test_land_has_the_picture_of_the_projection():
    assert f'viewBox="{maps.VIEW_BOX}"' in LAND.read_text()


def test_land_sofia_lies_on_land_and_the_sea_of_crete_does_not():
    assert on_land(42.698, 23.322)
    assert on_land(45.815, 15.982)
    assert not on_land(35.9, 25.0)
    assert not on_land(43.5, 31.0)


def on_land(latitude, longitude):
    """Ray casting through the rings of the drawn path: even-odd over all of them."""
    x, y = maps.project(latitude, longitude)
    crossings = 0
    for ring in rings():
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                crossings += 1
    return crossings % 2 == 1


def rings():
    path = re.search(r'id="land" d="([^"]+)"', LAND.read_text()).group(1)
    for ring in filter(None, path.split("z")):
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        points = [(numbers[0], numbers[1])]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        yield points


def test_place_outside_the_picture_is_none():
    assert maps.place(52.5, 13.4, "Berlin") is None


def test_place_takes_decimals_and_rounds_to_whole_units():
    from decimal import Decimal

    point = maps.place(Decimal("42.6980"), Decimal("23.3220"), "Sofia", native="София", language="bg")

    assert point.transform == "translate({} {})".format(*(round(value) for value in maps.project(42.698, 23.322)))
    assert point.title == "Sofia (София)"


def test_place_same_native_name_is_said_once():
    assert maps.place(43.5, 16.44, "Split", native="Split").title == "Split"


CITIES = {
    "Athens": (37.984, 23.728), "Sofia": (42.698, 23.322), "Skopje": (41.996, 21.431), "Kisela Voda": (41.975, 21.440),
    "Tirana": (41.328, 19.819),
    "Durrës": (41.324, 19.456), "Podgorica": (42.441, 19.263), "Nikšić": (42.773, 18.944), "Kotor": (42.424, 18.771),
    "Pristina": (42.663, 21.165),
    "Prizren": (42.215, 20.741), "Istanbul": (41.008, 28.978), "Bursa": (40.183, 29.067),
}  # fmt: skip


def points(**settings):
    return [maps.place(*where, name, **settings) for name, where in CITIES.items()]


def test_spread_labels_cover_neither_each_other_nor_a_mark():
    spread = maps.spread_labels(points())
    boxes = [
        maps._label_box(point, point.label_x, point.label_y, point.anchor) for point in spread if point.is_labelled
    ]
    foreign = [(box, mark) for box in boxes for mark in map(maps._mark_box, spread)]

    assert 6 <= len(boxes) < len(CITIES)
    assert not any(maps._overlap(one, other) for one, other in combinations(boxes, 2))
    assert not any(maps._overlap(box, mark) for box, mark in foreign)


def test_spread_labels_keeps_every_point_and_labels_the_first_first():
    spread = maps.spread_labels(points(), limit=3)

    assert sorted(point.label for point in spread) == sorted(CITIES)
    assert {point.label for point in spread if point.is_labelled} == {"Athens", "Sofia", "Skopje"}


def test_spread_labels_at_the_edge_stays_inside():
    name = "A city of a very long name"
    eastern = maps.place(41, 33.3, name)

    (point,) = maps.spread_labels([eastern])

    assert point.anchor == "end"
