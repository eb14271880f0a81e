"""The register read on a day.

What an organisation was, from when until when, and what sources say of the network's size.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from members.dates import days_label, month_window
from members.models import DatedChange, MembershipChange, StatedMemberCount, Status

C = TypeVar("C", bound=DatedChange)


@dataclass(frozen=True)
class Period(Generic[C]):
    """What one line of a log says, for as long as it holds: from its own day to the next line's, that day left out."""

    change: C
    following: C | None = None
    stops_on: dt.date | None = None  # an end that comes from outside the log, as a term's does

    @property
    def since(self) -> dt.date:
        return self.change.latest

    @property
    def until(self) -> dt.date | None:
        """The first day on which it holds no more; None while it lasts."""
        return self.following.latest if self.following else self.stops_on

    @property
    def words(self) -> str:
        """ "since 30 November 2021", "known by 30 January 2024", "30 January 2024 to 24 February 2025"."""
        if self.until is None:
            return since_label(self.change)
        end = self.following.when if self.following else days_label(self.until, None)
        return _("%(start)s to %(end)s") % {"start": self.change.when, "end": end}

    def holds_on(self, day: dt.date) -> bool:
        """Whether the line is in force on a day. On the day of a change, the new line is."""
        return self.since <= day and (self.until is None or day < self.until)


def periods(changes: Iterable[C], *, stops_on: dt.date | None = None) -> list[Period[C]]:
    """Read the lines of one log as periods, in their order.

    Takes the lines in any order and, if something outside the log ends the last one, that day. The periods follow each
    other without gap or overlap, whatever the lines say, since each ends where the next begins.
    """
    ordered = sorted(changes, key=lambda change: (change.latest, change.pk))
    closed = [Period(change, following) for change, following in zip(ordered, ordered[1:], strict=False)]
    return [*closed, *(Period(change, stops_on=stops_on) for change in ordered[-1:])]


def period_on(spells: Iterable[Period[C]], day: dt.date) -> Period[C] | None:
    """Give the one period that holds on a day, None before the first."""
    return next((spell for spell in spells if spell.holds_on(day)), None)


def since_label(change: DatedChange) -> str:
    """Say from when a line holds.

    "since 30 November 2021", "since September 2022", "known by 30 January 2024", "since 25–27 January 2026".
    """
    earliest, latest = change.earliest, change.latest
    if earliest is None:
        return change.when
    in_one_month = (earliest.year, earliest.month) == (latest.year, latest.month)
    if in_one_month and (earliest, latest) != month_window(latest.year, latest.month):
        return _("since %(day)s") % {"day": days_label(earliest, latest)}
    if in_one_month or change.when.isdigit():
        return _("since %(day)s") % {"day": change.when}
    return _("since a day %(window)s") % {"window": change.when}


def membership_words(change: MembershipChange) -> str:
    """Say what a line of the membership log makes of its organisation.

    "member since 30 November 2021", "no longer listed, known by 30 January 2024".
    """
    if change.status == Status.ENDED:
        return _("ended, %(when)s") % {"when": change.when}
    joint = _("%(status)s, %(since)s") if change.earliest is None else _("%(status)s %(since)s")
    return joint % {"status": change.get_status_display(), "since": since_label(change)}


def founded_on() -> dt.date | None:
    """Give the first day on which anything in the register holds; None while it is empty."""
    first: dt.date | None = MembershipChange.objects.aggregate(first=Min("latest"))["first"]
    return first


def stated_by(day: dt.date) -> Sequence[StatedMemberCount]:
    """Give the numbers of members that sources state for the last day, up to this one, for which any does.

    Several when they disagree.
    """
    nearest = StatedMemberCount.objects.filter(on__lte=day).aggregate(on=Max("on"))["on"]
    stated = StatedMemberCount.objects.filter(on=nearest).prefetch_related("sources")
    certain_first = sorted(stated, key=lambda count: (count.is_doubtful, -count.members))
    return certain_first if nearest else []
