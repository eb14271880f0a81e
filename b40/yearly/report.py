"""The report: a list of sections. Whoever adds a matter adds its section to `SECTIONS`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from b40.yearly.figures import measure, summary_section
from b40.yearly.membership import Membership, membership_section, read_membership
from b40.yearly.outcomes import actions_section, decisions_section, topics_section
from b40.yearly.period import ReportPeriod
from b40.yearly.record import PeriodRecord, read_record
from b40.yearly.silence import SilenceRule, read_silence, silence_section
from b40.yearly.tables import Section, Table
from b40.yearly.turnout import (
    cities_section,
    countries_section,
    groups_section,
    meetings_section,
    others_section,
)


@dataclass(frozen=True)
class Question:
    """What a report is asked for: the time, what it is compared with, who counts as silent."""

    period: ReportPeriod
    before: ReportPeriod | None
    rule: SilenceRule
    address_before: str = ""  # of the report on the time before


@dataclass(frozen=True)
class Reading:
    """A question with what the record holds on it, from which every section is told."""

    question: Question
    record: PeriodRecord
    membership: Membership


SECTIONS: tuple[Callable[[Reading], Section], ...] = (
    lambda reading: summary_section(
        reading.question.period,
        measure(reading.record, reading.membership),
        reading.question.before,
        reading.question.address_before,
    ),
    lambda reading: meetings_section(reading.record),
    lambda reading: countries_section(reading.record),
    lambda reading: groups_section(reading.record),
    lambda reading: cities_section(reading.record),
    lambda reading: silence_section(read_silence(reading.question.rule, reading.question.period.last)),
    lambda reading: others_section(reading.record),
    lambda reading: membership_section(reading.membership),
    lambda reading: decisions_section(reading.record),
    lambda reading: actions_section(reading.record),
    lambda reading: topics_section(reading.record),
)


@dataclass(frozen=True)
class Report:
    """A report, ready to be written down."""

    question: Question
    sections: list[Section]

    @property
    def period(self) -> ReportPeriod:
        return self.question.period

    @property
    def title(self) -> str:
        if self.period.term:
            return _("Yearly report of the %(city)s presidency") % {"city": self.period.term.city.name}
        return _("Report on the network’s record")

    @property
    def lead(self) -> str:
        """Its days, and that it is told from the public record alone."""
        return _(
            "%(days)s. Counted from the public record alone; every number stands on rows that can be looked up."
        ) % {"days": self.period.words}

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Every table by its key, those of the workbook alone too."""
        return {table.key: table for section in self.sections for table in _tables(section)}


def _tables(section: Section) -> Iterator[Table]:
    yield from section.tables
    yield from section.sheets


def read_report(question: Question) -> Report:
    """Read a report; a fixed number of queries, whatever the size of the network."""
    reading = Reading(question, read_record(question.period), read_membership(question.period))
    return Report(question, [section(reading) for section in SECTIONS])
