"""A period in numbers, and beside it the one before."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from b40.yearly.membership import Membership, read_membership
from b40.yearly.outcomes import count_decisions, count_topics
from b40.yearly.period import ReportPeriod
from b40.yearly.record import PeriodRecord, read_record
from b40.yearly.tables import Cell, Column, Figure, Section, Table
from meetings.models import MeetingKind, MeetingStatus, Mode


@dataclass(frozen=True)
class Measure:
    """One number of a period, with the section that has its rows."""

    key: str
    label: str
    number: int
    section: str


def measure(record: PeriodRecord, membership: Membership) -> list[Measure]:
    """Count everything that is compared; two queries."""
    kinds, modes = ([getattr(each, name) for each in record.held] for name in ("kind", "mode"))
    cancelled = sum(each.status == MeetingStatus.CANCELLED for each in record.meetings)
    return [
        Measure("held", _("Meetings held"), len(record.held), "meetings"),
        Measure("rounds", _("of these, rounds of the groups"), kinds.count(MeetingKind.WORKING_GROUPS), "meetings"),
        Measure("online", _("of these, online"), modes.count(Mode.ONLINE), "meetings"),
        Measure("cancelled", _("Meetings cancelled"), cancelled, "meetings"),
        Measure("incomplete", _("Meetings whose list of cities is not complete"), record.incomplete, "meetings"),
        Measure("cities", _("Cities that came"), len(record.cities), "cities"),
        Measure("visits", _("Attendances of cities"), record.visits, "cities"),
        Measure("countries", _("Countries they came from"), len(record.cities_of), "countries"),
        Measure("others", _("Observers, partners and others that came"), len(record.others), "others"),
        Measure("members", _("Member cities on the last day"), membership.at_last, "membership"),
        Measure("joined", _("Cities that joined"), len(membership.joined), "membership"),
        Measure("left", _("Cities that left"), len(membership.left), "membership"),
        Measure("decisions", _("Decisions"), count_decisions(record), "decisions"),
        Measure("topics", _("Topics discussed"), count_topics(record), "topics"),
    ]


def measure_period(period: ReportPeriod) -> list[Measure]:
    """Read a period and count it."""
    return measure(read_record(period), read_membership(period))


def summary_section(
    period: ReportPeriod, measures: list[Measure], before: ReportPeriod | None, address: str = ""
) -> Section:
    """Open with the numbers that everybody asks for, and compare with the period before.

    Takes the address of the report on that one, "" where it has none.
    """
    earlier = measure_period(before) if before else []
    lead = [_comparison_words(period, before)] if before else [_("No earlier term is on record to compare with.")]
    return Section(
        "summary",
        _("In numbers"),
        lead=lead,
        figures=_figures(measures, earlier),
        tables=[_comparison(period, measures, before, earlier, address)],
    )


def _comparison_words(period: ReportPeriod, before: ReportPeriod) -> str:
    words = {"days": period.days, "name": period_name(before), "words": before.words, "before": before.days}
    return _("These are %(days)d days. Compared with %(name)s: %(words)s, %(before)d days.") % words


def period_name(period: ReportPeriod) -> str:
    """Name a period beside another: by the presiding city, else by its days."""
    return str(period.term) if period.term else _("the time before")


def _figures(measures: list[Measure], earlier: list[Measure]) -> list[Figure]:
    before = {each.key: each.number for each in earlier}
    numbers = {each.key: each for each in measures}
    labels = {
        "held": ngettext("meeting held", "meetings held", numbers["held"].number),
        "cities": ngettext("city came", "cities came", numbers["cities"].number),
        "countries": ngettext("country", "countries", numbers["countries"].number),
        "members": ngettext("member city", "member cities", numbers["members"].number),
        "decisions": ngettext("decision", "decisions", numbers["decisions"].number),
        "topics": ngettext("topic", "topics", numbers["topics"].number),
    }
    return [
        Figure(
            numbers[key].number,
            label,
            _("before: %(number)d") % {"number": before[key]} if key in before else "",
            f"#{numbers[key].section}",
        )
        for key, label in labels.items()
    ]


def _comparison(
    period: ReportPeriod, measures: list[Measure], before: ReportPeriod | None, earlier: list[Measure], address: str
) -> Table:
    names = [period_name(period) if period.term else period.words, *([period_name(before)] if before else [])]
    columns = [Column(_("Counted"), share=6), *(Column(name, "number", share=3) for name in names)]
    rows = [[Cell(each.label), Cell(each.number, url=f"#{each.section}")] for each in measures]
    if before:
        columns.append(Column(_("Difference"), "number"))
        for row, now, then in zip(rows, measures, earlier, strict=True):
            row += [Cell(then.number, url=f"{address}#{then.section}" if address else ""), _difference(now, then)]
    title = _("Beside the time before") if before else _("Counted")
    return Table("summary", title, columns, rows, total=len(rows))


def _difference(now: Measure, then: Measure) -> Cell:
    number = now.number - then.number
    return Cell(number, words=f"{number:+d}".replace("-", "−") if number else "0")
