"""The register on the map: a point a city while they are few, a disc a square of the grid when they are many."""

import datetime as dt
import math

from django.db.models import Avg, Count, F, FloatField, Func, IntegerField
from django.db.models.functions import Cast
from django.utils.translation import ngettext

from members.maps import MapPoint, place, spread_labels
from members.models import Organisation, Status
from members.models.organisations import OrganisationQuerySet

MOST_POINTS = 200
# The part of the Earth that the picture shows, in degrees; the grid's squares measure one degree.
_LATITUDES, _LONGITUDES = (34, 48), (12, 33)
_MARKS = {Status.MEMBER: "member", Status.CANDIDATE: "candidate"}


class _WholeDegrees(Func):
    """Cut a positive number to its whole part on both engines, of which one rounds and the other cuts in a cast."""

    template = "CAST(FLOOR(%(expressions)s) AS INTEGER)"
    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **context):  # type: ignore[no-untyped-def]  # Django's hook is untyped
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS INTEGER)", **context)


def register_points(
    cities: OrganisationQuerySet, day: dt.date, *, presiding: int | None
) -> tuple[list[MapPoint], bool]:
    """Draw cities as the register of a day has them.

    Takes the key of the city that presided then. Gives the points, and whether they are single cities: beyond
    `MOST_POINTS` the database adds them up by squares of one degree, so that the picture's size does not grow with the
    register.
    """
    placed = cities.filter(latitude__isnull=False).order_by()
    if len(placed.values_list("pk")[: MOST_POINTS + 1]) > MOST_POINTS:
        return _squares(placed), False
    rows = placed.with_status(day).prefetch_related("names").defer("description", "note")
    weighty_first = sorted(rows, key=lambda city: (city.pk != presiding, -(city.population or 0), city.key))
    points = [city_point(city, _state(city, presiding)) for city in weighty_first]
    return spread_labels(point for point in points if point), True


def city_point(city: Organisation, state: str) -> MapPoint | None:
    """Make a point of one city, None without coordinates or outside the picture.

    Asks no query where `names` was prefetched.
    """
    if city.latitude is None or city.longitude is None:
        return None
    own = city.own_name
    return place(
        city.latitude,
        city.longitude,
        city.name,
        native=own.text if own else "",
        language=own.language_tag if own else "",
        href=city.get_absolute_url(),
        state=state,
    )


def _state(city: Organisation, presiding: int | None) -> str:
    if city.pk == presiding:
        return "host"
    return _MARKS.get(city.status, "other")  # type: ignore[attr-defined]


def _squares(placed: OrganisationQuerySet) -> list[MapPoint]:
    inside = placed.filter(latitude__range=_LATITUDES, longitude__range=_LONGITUDES)
    squares = (
        inside.annotate(row=_WholeDegrees(F("latitude")), column=_WholeDegrees(F("longitude")))
        .values("row", "column")
        .annotate(
            number=Count("pk"),
            north=Avg(Cast("latitude", FloatField())),
            east=Avg(Cast("longitude", FloatField())),
        )
        .order_by("-number", "row", "column")
    )
    listed = list(squares)
    most = max((square["number"] for square in listed), default=1)
    points = [
        place(square["north"], square["east"], _label(square["number"]), radius=_radius(square["number"], most))
        for square in listed
    ]
    return [point for point in points if point]


def _label(number: int) -> str:
    return ngettext("%(number)d city", "%(number)d cities", number) % {"number": number}


def _radius(number: int, most: int) -> int:
    """The disc's area tells the number."""
    return 4 + round(16 * math.sqrt(number / most))
