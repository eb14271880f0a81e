"""The time that a report is about: a presidency's term, or any two days."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from meetings.models import Meeting
from members.dates import days_label
from members.models import Presidency
from members.offices import ended_on

if TYPE_CHECKING:
    from meetings.models.meetings import MeetingQuerySet

DAY = dt.timedelta(days=1)
EVERYBODY = AnonymousUser()  # as whom a report is read: it tells what everybody may see


@dataclass(frozen=True)
class ReportPeriod:
    """From a first day to a last one, both within; of a term when it is one."""

    first: dt.date
    last: dt.date
    term: Presidency | None = None

    @property
    def words(self) -> str:
        """As in "24 February 2025 to 25 January 2026"."""
        return _("%(first)s to %(last)s") % {
            "first": days_label(self.first, None),
            "last": days_label(self.last, None),
        }

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def eve(self) -> dt.date:
        """The day before it began."""
        return self.first - DAY

    def meetings(self) -> "MeetingQuerySet":
        """Give its meetings that everybody may see, the earliest first. A term has the summit at which it began, and not
        the one at which it ended.
        """
        meetings = Meeting.objects.visible_to(EVERYBODY).order_by("start_on", "pk")
        if self.term:
            return meetings.during(self.term)
        return meetings.filter(start_on__range=(self.first, self.last))

    def place(self, day: dt.date) -> float:
        """Where a day lies in the period: 0 for its beginning, 1 for its end."""
        return min(max((day - self.first).days / max(self.days - 1, 1), 0.0), 1.0)

    def meetings_address(self, filters: Mapping[str, str]) -> str:
        """Give the address of the list of its meetings, narrowed; of a period that is no term, of the table in the report."""
        if self.term is None:
            return "#meetings"
        return f"{reverse('meetings:list')}?{urlencode({'presidency': self.term.slug, **filters})}"


def term_period(term: Presidency, today: dt.date) -> ReportPeriod:
    """Give a term as a period: from its handover to the day before the next one, or until today while it lasts.

    Takes a presidency of `Presidency.objects.with_end()`.
    """
    end = ended_on(term)
    last = min(end - DAY, today) if end else today
    return ReportPeriod(term.started_on, max(last, term.started_on), term)


def period_before(period: ReportPeriod, today: dt.date) -> ReportPeriod | None:
    """Give what a period is compared with: the term before a term, none before the first; else as many days before."""
    if period.term is None:
        return ReportPeriod(period.first - period.days * DAY, period.eve)
    earlier = Presidency.objects.visible_to(EVERYBODY).with_end().select_related("city")
    term = earlier.filter(started_on__lt=period.first).order_by("-started_on").first()
    return term_period(term, today) if term else None
