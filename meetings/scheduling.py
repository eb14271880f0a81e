"""What speaks against a day, and what hour it is where: for whoever chooses when to meet."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass, field

import holidays

from meetings.models import Meeting, MeetingStatus, Session
from members.models import Country, Organisation, Status

# Each country's zone; where two share an hour they are shown together.
ZONES = {
    "AL": "Europe/Tirane", "BA": "Europe/Sarajevo", "BG": "Europe/Sofia", "GR": "Europe/Athens", "HR": "Europe/Zagreb",
    "ME": "Europe/Podgorica", "MK": "Europe/Skopje", "RO": "Europe/Bucharest", "RS": "Europe/Belgrade",
    "SI": "Europe/Ljubljana", "TR": "Europe/Istanbul", "XK": "Europe/Belgrade",
}  # fmt: skip
# Beside the public holidays, those that religious communities keep, where the library knows them apart.
CATEGORIES = frozenset({holidays.PUBLIC, holidays.CATHOLIC, holidays.ORTHODOX, holidays.ISLAMIC})
LONGEST = 31


@dataclass
class FreeDay:
    """A day that is kept as a holiday, by its names, and where."""

    day: dt.date
    name: str
    countries: list[Country] = field(default_factory=list)


@dataclass(frozen=True)
class Hour:
    """What the clocks show at the beginning of a session, and in which countries."""

    starts: dt.datetime
    ends: dt.datetime | None
    countries: list[Country]


def countries_of_members(day: dt.date) -> list[Country]:
    """Give the countries of the cities that are members on a day, by name. One query."""
    members = Organisation.objects.cities().holding(day, Status.MEMBER).values("pk")
    return list(Country.objects.filter(organisations__in=members).distinct().order_by("name"))


def free_days(first: dt.date, last: dt.date, countries: list[Country]) -> list[FreeDay]:
    """Give the holidays from one day to another in some countries, in their order.

    Public ones, and those of the religious communities where they are told apart; both Easters and both Bayrams are
    among them. Dates that hang on the moon are estimates for years to come, and say so. At most a month is looked at.
    """
    last = min(last, first + dt.timedelta(days=LONGEST))
    found: dict[tuple[dt.date, str], FreeDay] = {}
    for country in countries:
        for day, name in _kept_in(country.code, first, last):
            found.setdefault((day, name), FreeDay(day, name)).countries.append(country)
    return sorted(found.values(), key=lambda free: (free.day, free.name))


def _kept_in(code: str, first: dt.date, last: dt.date) -> list[tuple[dt.date, str]]:
    """Give days and names for one country; none for a country that the library does not know."""
    if code not in ZONES:
        return []
    known = type(holidays.country_holidays(code))
    categories = tuple(sorted(CATEGORIES & set(known.supported_categories)))
    kept = holidays.country_holidays(
        code, years=range(first.year, last.year + 1), categories=categories, language="en_US"
    )
    # Several feasts of one day stand in one entry, parted by semicolons.
    return [(day, name) for day, names in sorted(kept.items()) if first <= day <= last for name in names.split("; ")]


def hours_of(session: Session, countries: list[Country]) -> list[Hour]:
    """Give what the clocks show in each country when a session starts and ends, the earliest hour first.

    A country without a zone of its own here is left out. Nothing for a session without a time.
    """
    if session.starts_at is None:
        return []
    groups: dict[dt.timedelta | None, list[Country]] = {}
    for country in countries:
        if country.code in ZONES:
            zone = zoneinfo.ZoneInfo(ZONES[country.code])
            groups.setdefault(session.starts_at.astimezone(zone).utcoffset(), []).append(country)
    hours = [_hour(session, session.starts_at, together) for together in groups.values()]
    return sorted(hours, key=lambda hour: hour.starts.replace(tzinfo=None))


def _hour(session: Session, starts: dt.datetime, countries: list[Country]) -> Hour:
    zone = zoneinfo.ZoneInfo(ZONES[countries[0].code])
    ends = session.ends_at.astimezone(zone) if session.ends_at else None
    return Hour(starts.astimezone(zone), ends, countries)


def is_still_planned(meeting: Meeting) -> bool:
    """Whether its day can still be chosen: not held, not cancelled, not over, and known to the day."""
    undecided = {MeetingStatus.DRAFT, MeetingStatus.ANNOUNCED, MeetingStatus.POSTPONED}
    return meeting.status in undecided and not meeting.is_over and meeting.date_precision == "day"
