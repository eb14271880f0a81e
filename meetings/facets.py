"""How many meetings, or pieces of news, each option of a filter would leave."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import Count
from django.db.models.functions import ExtractYear

from meetings.models import Session
from members.freshness import remembered

if TYPE_CHECKING:
    from meetings.filters import RecordFilter
    from meetings.models.meetings import MeetingQuerySet

Counts = dict[Any, int]
Counter: TypeAlias = Callable[[Any], Counts]


def count_options(asked: "RecordFilter", counters: Mapping[str, Counter]) -> None:
    """Offer in every list of the filter the options that lead to records, each with their number.

    An option's number is that of the records which all *other* filters leave. Takes the filter and how each of its
    lists is counted; asks one query a list, whatever the size, and counts once for each question and state of the
    record.
    """
    questions = {name: str(asked.without(name).query) for name in counters}
    counted = remembered(
        ["options", questions], lambda: {name: count(asked.without(name)) for name, count in counters.items()}
    )
    for name, counts in counted.items():
        asked.offer(name, _rows(asked, name, counts))


def _rows(asked: "RecordFilter", name: str, counts: Counts) -> list[tuple[str, Any, int]]:
    """The options in the order of the list; without those that lead nowhere, but always with the chosen one."""
    chosen = asked.asked.get(name)
    if name == "year":
        years = sorted({*filter(None, counts), *([chosen] if chosen else [])}, reverse=True)  # a draft has no year
        return [(str(year), year, counts.get(year, 0)) for year in years]
    numbered = (
        (value, option, counts.get(getattr(option, "pk", option), 0)) for value, option in asked.options[name].items()
    )
    return [row for row in numbered if row[2] or row[1] == chosen]


def _by_field(field: str) -> Counter:
    def count(records: Any) -> Counts:
        counted = records.order_by().values(field).annotate(number=Count("pk"))
        return dict(counted.values_list(field, "number"))

    return count


def _by_year(field: str) -> Counter:
    def count(records: Any) -> Counts:
        counted = records.order_by().annotate(year=ExtractYear(field)).values("year").annotate(number=Count("pk"))
        return dict(counted.values_list("year", "number"))

    return count


def _by_group(meetings: "MeetingQuerySet") -> Counts:
    sessions = Session.objects.filter(
        meeting__in=meetings.order_by().values("pk"), working_groups__isnull=False
    ).order_by()
    counted = sessions.values("working_groups").annotate(number=Count("meeting", distinct=True))
    return dict(counted.values_list("working_groups", "number"))


def _by_presidency(meetings: "MeetingQuerySet") -> Counts:
    return _by_field("presidency_pk")(meetings.with_presidency())


MEETING_COUNTERS: dict[str, Counter] = {
    "year": _by_year("start_on"),
    "kind": _by_field("kind"),
    "mode": _by_field("mode"),
    "group": _by_group,
    "country": _by_field("country"),
    "presidency": _by_presidency,
}
NEWS_COUNTERS: dict[str, Counter] = {"year": _by_year("published_on"), "kind": _by_field("kind")}
