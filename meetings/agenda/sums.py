"""When each item of a session begins, and whether its agenda fits."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.models import Session


@dataclass(frozen=True)
class Sum:
    """The minutes of a session's items, beside the session's own; `untimed` is the number of items without a length."""

    minutes: int
    length: int | None
    untimed: int

    @property
    def over(self) -> int:
        """By how many minutes the items exceed the session; 0 when they fit, or when nobody knows."""
        return 0 if self.length is None else max(0, self.minutes - self.length)

    @property
    def phrase(self) -> str:
        """As in "75 of 90 minutes, 15 free"."""
        words = {"sum": self.minutes, "length": self.length or 0, "rest": (self.length or 0) - self.minutes}
        if self.length is None:
            return ngettext("%(sum)d minute", "%(sum)d minutes", self.minutes) % words
        if self.over or not words["rest"]:
            return _("%(sum)d of %(length)d minutes") % words
        return _("%(sum)d of %(length)d minutes, %(rest)d free") % words

    @property
    def excess(self) -> str:
        """As in "20 minutes over"; "" when the items fit."""
        return (
            ngettext("%(over)d minute over", "%(over)d minutes over", self.over) % {"over": self.over}
            if self.over
            else ""
        )

    @property
    def gap(self) -> str:
        """As in "2 items without a length"; "" when each has one."""
        said = ngettext("%(number)d item without a length", "%(number)d items without a length", self.untimed)
        return said % {"number": self.untimed} if self.untimed else ""


def length_of(session: Session) -> int | None:
    """Give the minutes of a session; None when its start or its end is not set."""
    if not (session.starts_at and session.ends_at):
        return None
    return int((session.ends_at - session.starts_at).total_seconds() // 60)


def sum_up(session: Session, lengths: Iterable[int | None]) -> Sum:
    """Add up the lengths of a session's items."""
    known = list(lengths)
    return Sum(sum(each or 0 for each in known), length_of(session), sum(1 for each in known if not each))


def starts_of(session: Session, lengths: Iterable[int | None]) -> list[dt.datetime | None]:
    """Give when each item begins, one after the other from the session's start.

    Behind an item without a length nobody knows: None. Without a start of the session, all are None.
    """
    starts: list[dt.datetime | None] = []
    at = session.starts_at
    for minutes in lengths:
        starts.append(at)
        at = at + dt.timedelta(minutes=minutes) if at and minutes else None
    return starts
