"""What the brief of an organisation says on a day: read as everybody reads the record, with what is the organisation's own."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from b40.briefing.parts import Section
from meetings.own_record import OwnRecord, read_own_record
from members.dates import months_before
from members.models import MembershipChange, Organisation
from members.register import Period, membership_words, period_on, periods

# As whom a brief is read, so that it is the same whoever prints it.
EVERYBODY = AnonymousUser()
MONTHS = 24


@dataclass(frozen=True)
class Subject:
    """An organisation on a day, and what several sections rest on."""

    organisation: Organisation
    day: dt.date

    @cached_property
    def membership(self) -> list[Period[MembershipChange]]:
        """Its membership up to the day."""
        log = self.organisation.membership_changes.filter(latest__lte=self.day)
        return periods(log.prefetch_related("sources"))

    @cached_property
    def current(self) -> Period[MembershipChange] | None:
        return period_on(self.membership, self.day)

    @property
    def since(self) -> dt.date:
        """The first day of the months that attendance is told for."""
        return months_before(self.day, MONTHS)

    @cached_property
    def record(self) -> OwnRecord:
        """Its attendance in the last months."""
        return read_own_record(self.organisation, self.membership, since=self.since, until=self.day)


@dataclass(frozen=True)
class Brief:
    """The brief: who it is about, and its sections in the order of the page."""

    subject: Subject
    sections: list[Section]

    @property
    def organisation(self) -> Organisation:
        return self.subject.organisation

    @property
    def title(self) -> str:
        return _("Brief for %(name)s") % {"name": self.organisation.name}

    @property
    def lead(self) -> str:
        """As in "Скопје · North Macedonia · member since 30 November 2021 · as of 24 November 2026"."""
        own, country = self.organisation.own_name, self.organisation.country
        standing = membership_words(self.subject.current.change) if self.subject.current else _("not in the network")
        day = _("as of %(day)s") % {"day": date_format(self.subject.day, "j F Y")}
        return " · ".join(filter(None, [own.text if own else "", country.name if country else "", standing, day]))

    @property
    def columns(self) -> tuple[list[Section], list[Section]]:
        """The sections of the first column and of the second."""
        first = [section for section in self.sections if not section.is_aside]
        return first, [section for section in self.sections if section.is_aside]


def read_brief(organisation: Organisation, day: dt.date) -> Brief:
    """Read a brief for a day; a fixed number of queries. A section without anything to say is left out."""
    from b40.briefing.sections import SECTIONS  # sections need their subject

    subject = Subject(organisation, day)
    told = (section(subject) for section in SECTIONS)
    return Brief(subject, [section for section in told if section.lead or section.lines])
