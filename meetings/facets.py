"""How many meetings each option of a filter would leave."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import ExtractYear

from meetings.models import Session

if TYPE_CHECKING:
    from meetings.filters import MeetingFilter
    from meetings.models.meetings import MeetingQuerySet

Counts = dict[Any, int]

# Counting costs as much as there are meetings. Up to here it is done anew for every visitor; beyond, once a minute.
COUNTED_ANEW = 2_000
KEPT_SECONDS = 60


def count_options(asked: "MeetingFilter", total: int) -> None:
    """Offer in every list of the filter the options that lead to meetings, each with their number.

    An option's number is that of the meetings which all *other* filters leave. Takes the filter and how many meetings
    there are to be seen without any; asks one query a list, whatever the size.
    """
    for name in COUNTERS:
        asked.offer(name, _rows(asked, name, _count(asked, name, total)))


def _count(asked: "MeetingFilter", name: str, total: int) -> Counts:
    meetings = asked.without(name)
    if total <= COUNTED_ANEW:
        return COUNTERS[name](meetings)
    question = hashlib.sha256(str(meetings.query).encode()).hexdigest()
    counts = cache.get_or_set(f"facet:{name}:{question}", lambda: COUNTERS[name](meetings), KEPT_SECONDS)
    return counts or {}


def _rows(asked: "MeetingFilter", name: str, counts: Counts) -> list[tuple[str, Any, int]]:
    """The options in the order of the list; without those that lead nowhere, but always with the chosen one."""
    chosen = asked.asked.get(name)
    if name == "year":
        years = sorted({*counts, *([chosen] if chosen else [])}, reverse=True)
        return [(str(year), year, counts.get(year, 0)) for year in years]
    numbered = (
        (value, option, counts.get(getattr(option, "pk", option), 0)) for value, option in asked.options[name].items()
    )
    return [row for row in numbered if row[2] or row[1] == chosen]


def _by_field(field: str) -> "Callable[[MeetingQuerySet], Counts]":
    def count(meetings: "MeetingQuerySet") -> Counts:
        counted = meetings.order_by().values(field).annotate(number=Count("pk"))
        return dict(counted.values_list(field, "number"))

    return count


def _by_year(meetings: "MeetingQuerySet") -> Counts:
    counted = meetings.order_by().annotate(year=ExtractYear("start_on")).values("year").annotate(number=Count("pk"))
    return dict(counted.values_list("year", "number"))


def _by_group(meetings: "MeetingQuerySet") -> Counts:
    sessions = Session.objects.filter(
        meeting__in=meetings.order_by().values("pk"), working_groups__isnull=False
    ).order_by()
    counted = sessions.values("working_groups").annotate(number=Count("meeting", distinct=True))
    return dict(counted.values_list("working_groups", "number"))


def _by_presidency(meetings: "MeetingQuerySet") -> Counts:
    return _by_field("presidency_pk")(meetings.with_presidency())


COUNTERS: "dict[str, Callable[[MeetingQuerySet], Counts]]" = {
    "year": _by_year,
    "kind": _by_field("kind"),
    "mode": _by_field("mode"),
    "group": _by_group,
    "country": _by_field("country"),
    "presidency": _by_presidency,
}
