"""Who held the network's offices on a day: the President, the Permanent Secretary, the Executive Board."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from members.models import BoardSeatChange, Office, OfficeChange, Presidency
from members.register import Period, period_on, periods

Seat = Period[BoardSeatChange]
Holder = Period[OfficeChange]


def presidents_of(presidency: Presidency) -> list[Holder]:
    """Give who was President in a term, one after the other; the last until the handover.

    Takes a presidency of `Presidency.objects.with_end()`. Asks no query where `office_changes` was prefetched. A line
    without person is a vacancy.
    """
    return periods(presidency.office_changes.all(), stops_on=ended_on(presidency))


def president_on(day: dt.date) -> Holder | None:
    """Give who was President on a day. On the day of a handover it is the incoming one.

    None before the first term, or while nobody is on record.
    """
    presidency = Presidency.objects.with_end().on(day)
    if presidency is None:
        return None
    lines = OfficeChange.objects.filter(presidency=presidency, office=Office.PRESIDENT).select_related("person")
    holder = period_on(periods(lines, stops_on=ended_on(presidency)), day)
    return holder if holder and holder.change.person_id else None


def ended_on(presidency: Presidency) -> dt.date | None:
    """Give the day of the next handover, as `Presidency.objects.with_end()` annotates it; None for the last term."""
    end: dt.date | None = presidency.ended_on  # type: ignore[attr-defined]
    return end


def secretary_on(day: dt.date) -> Holder | None:
    """Give the Permanent Secretary on a day, None when nobody is on record by then."""
    lines = (
        OfficeChange.objects.filter(office=Office.PERMANENT_SECRETARY)
        .select_related("person")
        .prefetch_related("sources")
    )
    holder = period_on(periods(lines), day)
    return holder if holder and holder.change.person_id else None


def seats(changes: Iterable[BoardSeatChange]) -> list[Seat]:
    """Read board changes, of one city or several, as the periods in which each sat; who sat first comes first."""
    logs: dict[int, list[BoardSeatChange]] = defaultdict(list)
    for change in changes:
        logs[change.city_id].append(change)
    spells = [spell for log in logs.values() for spell in periods(log)]
    seated = [spell for spell in spells if spell.change.event == BoardSeatChange.Event.SEATED]
    return sorted(seated, key=lambda spell: spell.since)


def board_on(day: dt.date) -> list[Seat]:
    """Give who sat on the Executive Board on a day, the cities in alphabetical order.

    On the day on which a city leaves it sits no more. Statute and practice name no fixed number of seats.
    """
    return _by_name(seat for seat in _all_seats() if seat.holds_on(day))


def board_during(start: dt.date, end: dt.date | None) -> list[Seat]:
    """Give who sat on the Executive Board at any time from a day until another, that day left out; None is open."""
    return _by_name(
        seat
        for seat in _all_seats()
        if (end is None or seat.since < end) and (seat.until is None or seat.until > start)
    )


def _all_seats() -> list[Seat]:
    return seats(BoardSeatChange.objects.select_related("city").prefetch_related("city__names", "sources"))


def _by_name(seats_held: Iterable[Seat]) -> list[Seat]:
    return sorted(seats_held, key=lambda seat: (seat.change.city.key, seat.since))
