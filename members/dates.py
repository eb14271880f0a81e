"""Dates of which only a window is known: a day, a month, a year, or "known by"."""

import calendar
import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def month_window(year: int, month: int) -> tuple[dt.date, dt.date]:
    """Give the first and the last day of a month."""
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day some months earlier; the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def parse_window(text: str) -> tuple[dt.date | None, dt.date]:
    """Read a window written after ISO 8601-2 (EDTF).

    Takes ``2021-11-30`` (a day), ``2022-09`` (a month), ``2023`` (a year), ``../2024-01-30`` (known by that day) or ``2022-04-25/2023-11-30``
    (between two of these). Gives the earliest day (None when it is not known) and the latest. Raises ValueError with the text that is wrong.
    """
    start, slash, end = text.strip().partition("/")
    if not slash:
        return _parse_point(start)
    earliest = None if start == ".." else _parse_point(start)[0]
    latest = _parse_point(end)[1]
    if earliest and earliest > latest:
        raise ValueError(f"{text!r} ends before it begins")
    return earliest, latest


def _parse_point(text: str) -> tuple[dt.date, dt.date]:
    parts = text.split("-")
    shapes = {1: [4], 2: [4, 2], 3: [4, 2, 2]}
    if [len(part) for part in parts] != shapes.get(len(parts)) or not all(
        part.isascii() and part.isdigit() for part in parts
    ):
        raise ValueError(f"{text!r} is no date; write 2021-11-30, 2021-11, 2021 or ../2021-11-30")
    numbers = [int(part) for part in parts]
    try:
        if len(numbers) == 3:
            day = dt.date(*numbers)
            return day, day
        if len(numbers) == 2:
            return month_window(*numbers)
        return dt.date(numbers[0], 1, 1), dt.date(numbers[0], 12, 31)
    except (ValueError, IndexError, calendar.IllegalMonthError) as error:
        raise ValueError(f"{text!r} is not in the calendar") from error


def format_window(earliest: dt.date | None, latest: dt.date) -> str:
    """Write a window as `parse_window` reads it: the shortest form that says the same."""
    if earliest is None:
        return f"../{latest.isoformat()}"
    if earliest == latest:
        return latest.isoformat()
    if (earliest, latest) == month_window(latest.year, latest.month):
        return f"{latest:%Y-%m}"
    if (earliest, latest) == (dt.date(latest.year, 1, 1), dt.date(latest.year, 12, 31)):
        return f"{latest.year:04d}"
    return f"{earliest.isoformat()}/{latest.isoformat()}"


def window_label(earliest: dt.date | None, latest: dt.date) -> str:
    """Say a window to a reader: "30 November 2021", "September 2022", "2023", "known by 30 January 2024", "between … and …"."""
    day = date_format(latest, "j F Y")
    if earliest is None:
        return _("known by %(day)s") % {"day": day}
    if earliest == latest:
        return day
    if (earliest, latest) == month_window(latest.year, latest.month):
        return date_format(latest, "F Y")
    if (earliest, latest) == (dt.date(latest.year, 1, 1), dt.date(latest.year, 12, 31)):
        return str(latest.year)
    return _("between %(earliest)s and %(latest)s") % {"earliest": date_format(earliest, "j F Y"), "latest": day}


def days_label(start: dt.date, end: dt.date | None, *, only_month: bool = False) -> str:
    """Say the days of a meeting: "9 April 2025", "25–27 January 2026", "30 April – 2 May 2026", "June 2022"."""
    if only_month:
        return date_format(start, "F Y")
    if end is None or end == start:
        return date_format(start, "j F Y")
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{date_format(end, 'j F Y')}"
    if start.year == end.year:
        return f"{date_format(start, 'j F')} – {date_format(end, 'j F Y')}"
    return f"{date_format(start, 'j F Y')} – {date_format(end, 'j F Y')}"
