"""A meeting in numbers: those counted from the ledger, and beside them what sources state."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.attendance import AttendanceList
from meetings.models import Meeting, StatedTotal

What = StatedTotal.What


def key_figures(meeting: Meeting, attendance: AttendanceList, stated: Iterable[StatedTotal]) -> list[dict[str, Any]]:
    """Give the numbers of a page, as `components/stat.html` shows them.

    Cities and countries are counted; a total of theirs that a source states stands beside, with its author, when it
    differs. What cannot be counted from the ledger, such as participants, is shown as stated.
    """
    totals = list(stated)
    counted = [figure for figure in _counted(meeting, attendance, totals) if figure["number"]]
    return [*counted, *_only_stated(totals)]


def _counted(meeting: Meeting, attendance: AttendanceList, totals: list[StatedTotal]) -> list[dict[str, Any]]:
    cities, countries, others = len(attendance.cities), len(attendance.by_country), len(attendance.others)
    observers = len(attendance.observers)
    partial = _("named in the sources; the list is not complete") if not meeting.attendance_complete else ""
    return [
        _figure(cities, ngettext("city", "cities", cities), partial, stated_beside(totals, What.CITIES, cities)),
        _figure(
            countries, ngettext("country", "countries", countries), stated_beside(totals, What.COUNTRIES, countries)
        ),
        _figure(observers, ngettext("observer", "observers", observers)),
        _figure(others - observers, ngettext("other body", "other bodies", others - observers)),
    ]


def _figure(number: int, label: str, *notes: str) -> dict[str, Any]:
    return {"number": number, "label": label, "note": "; ".join(note for note in notes if note)}


def stated_beside(totals: Iterable[StatedTotal], what: str, counted: int) -> str:
    """Give the totals that differ from the counted one, with who stated them: "stated: 23 (the network); nearly 30
    (press)".
    """
    differing = [total for total in totals if total.what == what and (total.number != counted or not total.is_exact)]
    said = "; ".join(_by(total) for total in differing)
    return _("stated: %(totals)s") % {"totals": said} if said else ""


def is_as_counted(total: StatedTotal, attendance: AttendanceList) -> bool:
    """Whether a source states exactly what is counted from the ledger."""
    counted = {What.CITIES: len(attendance.cities), What.COUNTRIES: len(attendance.by_country)}
    return total.is_exact and counted.get(What(total.what)) == total.number


def _by(total: StatedTotal) -> str:
    return f"{total.amount} ({total.stated_by})" if total.stated_by else total.amount


def _only_stated(totals: Iterable[StatedTotal]) -> list[dict[str, Any]]:
    """What no ledger counts, one number each; a second source's number stands in the note."""
    by_what: dict[str, list[StatedTotal]] = {}
    for total in totals:
        if total.what not in (What.CITIES, What.COUNTRIES):
            by_what.setdefault(total.what, []).append(total)
    return [_stated(same) for same in by_what.values()]


def _stated(same: list[StatedTotal]) -> dict[str, Any]:
    first, *further = same
    author = _("stated by %(author)s") % {"author": first.stated_by} if first.stated_by else _("stated, not counted")
    also = _("also stated: %(totals)s") % {"totals": "; ".join(_by(total) for total in further)} if further else ""
    bound = "" if first.is_exact else str(first.get_bound_display())
    return _figure(
        first.number, str(first.get_what_display()), " ".join(part for part in (bound, author) if part), also
    )
