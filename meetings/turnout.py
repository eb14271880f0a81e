"""Who came, as the page of a meeting shows it: by country, on the map, with what is to be said of single entries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from meetings.attendance import AttendanceList, Attendee, who_attended
from meetings.figures import is_as_counted, key_figures
from meetings.models import Meeting, Mode
from members.maps import MapPoint, spread_labels
from members.models import Country, Source, Status
from members.register_map import city_point


@dataclass(frozen=True)
class Mark:
    """A badge beside a name: the code of `components/badge.html` and its word."""

    code: str
    label: str


@dataclass(frozen=True)
class Line:
    """An organisation in the list of those present."""

    attendee: Attendee
    marks: list[Mark]
    numbers: list[int]  # of its sources in the list at the end of the page


@dataclass(frozen=True)
class CountryTurnout:
    """The cities of a country that came."""

    country: Country
    lines: list[Line]


def read_turnout(meeting: Meeting) -> dict[str, Any]:
    """Give who came in the forms in which a page shows it, with the sources that its entries refer to by number."""
    attendance = who_attended(meeting)
    stated = list(meeting.stated_totals.prefetch_related("sources"))
    sources = sources_of(meeting, attendance)
    return {
        "attendance": attendance,
        "sources": sources,
        "is_numbered": len(sources) > 1,
        "countries": by_country(meeting, attendance, sources),
        "others": [line(meeting, attendee, sources) for attendee in attendance.others],
        "remarks": shared_remarks(remarks(attendance)),
        "stated": [(total, is_as_counted(total, attendance)) for total in stated],
        "figures": key_figures(meeting, attendance, stated),
        **turnout_map(meeting, attendance),
    }


def sources_of(meeting: Meeting, attendance: AttendanceList) -> list[Source]:
    """Give the sources of a meeting and of the entries of its list, each once."""
    rows = (row for attendee in attendance.attendees for row in attendee.rows)
    return list(dict.fromkeys([*meeting.sources.all(), *(source for row in rows for source in row.sources.all())]))


def by_country(meeting: Meeting, attendance: AttendanceList, sources: Sequence[Source]) -> list[CountryTurnout]:
    """Give the cities under their countries, each with its marks."""
    return [
        CountryTurnout(country, [line(meeting, attendee, sources) for attendee in attendees])
        for country, attendees in attendance.by_country
    ]


def line(meeting: Meeting, attendee: Attendee, sources: Sequence[Source]) -> Line:
    """Give an organisation with its marks and, where there is more than one source, the numbers of its own."""
    own = {source for row in attendee.rows for source in row.sources.all()}
    numbers = [number for number, source in enumerate(sources, start=1) if source in own] if len(sources) > 1 else []
    return Line(attendee, list(_marks(meeting, attendee)), numbers)


def _marks(meeting: Meeting, attendee: Attendee) -> Iterator[Mark]:
    """Mark what is not plain: no member city on the day, online at a hybrid meeting, doubtful, contradicted."""
    if not (attendee.organisation.is_city and attendee.capacity == Status.MEMBER):
        yield Mark(attendee.capacity, attendee.capacity_label)
    if meeting.mode == Mode.HYBRID and any(row.mode == "online" for row in attendee.rows):
        yield Mark("online", str(Mode.ONLINE.label))
    if attendee.is_doubtful:
        row = attendee.counted_rows[0]
        yield Mark(row.certainty, row.get_certainty_display())
    if attendee.is_contradicted:
        yield Mark("disputed", _("sources disagree"))


@dataclass(frozen=True)
class Remark:
    """What is to be said of one organisation's entry: how we know, or who says what."""

    attendee: Attendee
    basis: str
    said: list[str]


def remarks(attendance: AttendanceList) -> list[Remark]:
    """Give the entries that need a word: with a reason on record, or contradicted by another source."""
    return [
        Remark(attendee, attendee.basis, _said(attendee))
        for attendee in attendance.attendees
        if attendee.basis or attendee.is_contradicted
    ]


def _said(attendee: Attendee) -> list[str]:
    if not attendee.is_contradicted:
        return []
    return [
        _("%(source)s: %(presence)s") % {"source": row.get_channel_display(), "presence": row.get_presence_display()}
        for row in attendee.rows
    ]


def shared_remarks(found: Iterable[Remark]) -> list[tuple[str, list[Remark]]]:
    """Put entries of which the same is to be said together, so that a sentence stands on the page once."""
    groups: dict[str, list[Remark]] = {}
    for remark in found:
        groups.setdefault(f"{remark.basis} {remark.said}", []).append(remark)
    return [(same[0].basis, same) for same in groups.values()]


def turnout_map(meeting: Meeting, attendance: AttendanceList) -> dict[str, Any]:
    """Draw who came: points and legend of `components/map.html`; no points where nobody is known to have come."""
    if not attendance.present:
        return {"points": [], "legend": []}
    host = meeting.host_city
    points = [city_point(host, "host")] if host else []
    came = sorted(attendance.present, key=lambda attendee: not attendee.organisation.is_city)
    points += [
        city_point(attendee.organisation, "present" if attendee.organisation.is_city else "observer")
        for attendee in came
        if host is None or attendee.organisation.pk != host.pk
    ]
    drawn = [point for point in points if point]
    return {"points": spread_labels(drawn), "legend": _legend(drawn)}


def _legend(points: list[MapPoint]) -> list[dict[str, str]]:
    words = {"host": _("host city"), "present": _("city that came"), "observer": _("observer or partner")}
    shown = {point.state for point in points}
    return [{"state": state, "label": label} for state, label in words.items() if state in shown]
