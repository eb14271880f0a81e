"""Who became a member and who left in a period, and how the number of members went, with how sure each day is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from b40.yearly.period import ReportPeriod
from b40.yearly.plots import Bar, Dot, Label, Plot, Rule, Scale, along, scale_for
from b40.yearly.tables import Cell, Column, Section, Table, city_cell, cut
from members.counting import count_member_cities
from members.models import Kind, MembershipChange, StatedMemberCount, Status


@dataclass(frozen=True)
class Membership:
    """How the register went through a period."""

    period: ReportPeriod
    changes: Sequence[
        MembershipChange
    ]  # that became certain within it, each with `before`, what stood there until then
    possible: Sequence[MembershipChange]  # later ones that may have happened within it
    counts: dict[dt.date, int]  # member cities, on the eve, on the last day and whenever the number changed
    stated: list[StatedMemberCount]

    @property
    def joined(self) -> list[MembershipChange]:
        """Cities that became members."""
        return [change for change in self.changes if _is_of_city(change) and _joins(change)]

    @property
    def left(self) -> list[MembershipChange]:
        """Cities that are no members any more."""
        return [change for change in self.changes if _is_of_city(change) and _leaves(change)]

    @property
    def at_first(self) -> int:
        return self.counts[self.period.eve]

    @property
    def at_last(self) -> int:
        return self.counts[self.period.last]


def read_membership(period: ReportPeriod) -> Membership:
    """Read the log of a period; four queries at most. A change belongs to the period in which it became certain."""
    earlier = MembershipChange.objects.filter(organisation=OuterRef("organisation"), latest__lt=OuterRef("latest"))
    log = MembershipChange.objects.annotate(before=Subquery(earlier.order_by("-latest").values("status")[:1]))
    told = log.select_related("organisation__country").prefetch_related("organisation__names")
    changes = list(told.filter(latest__range=(period.first, period.last)).order_by("latest", "organisation__key"))
    later = log.filter(latest__gt=period.last, organisation__kind=Kind.CITY).exclude(earliest__gt=period.last)
    days = {period.eve, period.last, *(change.latest for change in changes)}
    stated = StatedMemberCount.objects.filter(on__range=(period.first, period.last))
    return Membership(period, changes, list(later), count_member_cities(days), list(stated))


def _is_of_city(change: MembershipChange) -> bool:
    return change.organisation.is_city


def _joins(change: MembershipChange) -> bool:
    before = change.before  # type: ignore[attr-defined]  # annotated
    return change.status == Status.MEMBER and before != Status.MEMBER


def _leaves(change: MembershipChange) -> bool:
    before = change.before  # type: ignore[attr-defined]  # annotated
    return change.status != Status.MEMBER and before == Status.MEMBER


def membership_section(membership: Membership) -> Section:
    """Tell the register's changes, with a plot of the number of members."""
    period = membership.period
    words = {
        "first": date_format(period.eve, "j F Y"),
        "before": membership.at_first,
        "last": date_format(period.last, "j F Y"),
        "after": membership.at_last,
    }
    joined = ngettext("%(number)d city joined", "%(number)d cities joined", len(membership.joined))
    left = ngettext("%(number)d left", "%(number)d left", len(membership.left))
    lead = [
        _("The register names %(before)d member cities on %(first)s and %(after)d on %(last)s.") % words,
        f"{joined % {'number': len(membership.joined)}}, {left % {'number': len(membership.left)}}.",
        _(
            "A change counts from the day by which it is certain; where only a window of days is known, the table says so."
        ),
    ]
    return Section(
        "membership",
        _("Members"),
        lead=lead,
        plots=[membership_plot(membership)],
        tables=[_changes_table(membership), *_stated_table(membership)],
    )


def _changes_table(membership: Membership) -> Table:
    columns = [
        Column(_("Organisation"), share=4),
        Column(_("Before")),
        Column(_("Became")),
        Column(_("When"), "date", share=3),
        Column(_("How sure")),
        Column(_("How"), share=7),
    ]
    rows = [_change_row(change) for change in membership.changes]
    title, empty = _("Changes in the register"), _("No change is on record.")
    return Table("changes", title, columns, cut(rows), total=len(rows), empty=empty)


def _change_row(change: MembershipChange) -> list[Cell]:
    before = change.before  # type: ignore[attr-defined]  # annotated
    return [
        city_cell(change.organisation),
        Cell(str(Status(before).label) if before else _("not on record")),
        Cell(change.get_status_display()),
        Cell(change.latest if change.is_day_known else change.when),
        Cell(change.get_certainty_display()),
        Cell(change.how, note=change.basis),
    ]


def _stated_table(membership: Membership) -> list[Table]:
    """What sources give as the number of members; it is never counted with."""
    rows = [
        [Cell(stated.on), Cell(stated.members), Cell(stated.get_certainty_display(), note=stated.basis)]
        for stated in membership.stated
    ]
    columns = [Column(_("Day"), "date"), Column(_("Members stated"), "number"), Column(_("How sure"), share=4)]
    return [Table("stated", _("What sources state"), columns, cut(rows), total=len(rows))] if rows else []


# --- The plot --------------------------------------------------------------------------------------------------------


def membership_plot(membership: Membership) -> Plot:
    """Draw the number of member cities day by day: what is certain as a line, what may be as a band above or below it."""
    period = membership.period
    steps = _steps(membership)
    numbers = [number for step in steps for number in (step.least, step.certain, step.most)]
    words = {"first": membership.at_first, "last": membership.at_last, "most": max(step.most for step in steps)}
    text = _(
        "Member cities from %(first)d to %(last)d; with every city that may have joined earlier, at most %(most)d."
    )
    plot = Plot("members", _("Member cities over time"), text % words, 220)
    scale = scale_for([*numbers, *(stated.members for stated in membership.stated)], plot.height, from_zero=False)
    scale.draw(plot)
    for number, step in enumerate(steps):
        _draw_step(plot, scale, step, steps[number - 1].certain if number else step.certain)
    for stated in membership.stated:
        at = along(period.place(stated.on))
        title = f"{stated.members}, {date_format(stated.on, 'j F Y')}"
        plot.dots.append(Dot(at, scale.y(stated.members), "stated", title))
    _label(plot, scale, membership)
    return plot


@dataclass(frozen=True)
class Step:
    """From one place of the plot to another: members for certain, at least and at most."""

    start: float
    end: float
    certain: int
    least: int
    most: int


def _steps(membership: Membership) -> list[Step]:
    period = membership.period
    unsure = [change for change in [*membership.changes, *membership.possible] if not change.is_day_known]
    starts = {max(change.earliest or period.first, period.first) for change in unsure}
    days = sorted(day for day in {period.first, *starts, *membership.counts} if period.first <= day <= period.last)
    steps, certain = [], membership.at_first
    for day, following in zip(days, [*days[1:], None], strict=True):
        certain = membership.counts.get(day, certain)
        open_ = [change for change in unsure if change.latest > day and (change.earliest or day) <= day]
        steps.append(
            Step(
                period.place(day),
                period.place(following) if following else 1.0,
                certain,
                certain - sum(_is_of_city(change) and _leaves(change) for change in open_),
                certain + sum(_is_of_city(change) and _joins(change) for change in open_),
            )
        )
    return steps


def _draw_step(plot: Plot, scale: Scale, step: Step, before: int) -> None:
    left, right, y = along(step.start), along(step.end), scale.y(step.certain)
    if step.most > step.least:
        top, foot = scale.y(step.most), scale.y(step.least)
        plot.bars.append(Bar(left, right - left, top, foot - top, "band"))
    if before != step.certain:
        plot.rules.append(Rule(left, left, scale.y(before), y, "line"))
    plot.rules.append(Rule(left, right, y, y, "line"))


def _label(plot: Plot, scale: Scale, membership: Membership) -> None:
    """Name the ends, and say what is drawn how."""
    period = membership.period
    plot.labels.append(Label(along(0), plot.height - 6, date_format(period.first, "j M Y")))
    plot.labels.append(Label(1, plot.height - 6, date_format(period.last, "j M Y"), "end"))
    plot.labels.append(Label(1, scale.y(membership.at_last) - 6, str(membership.at_last), "end"))
    plot.legend.append(("line", _("members for certain")))
    if any(bar.look == "band" for bar in plot.bars):
        plot.legend.append(("band", _("perhaps: the day is not known")))
    if plot.dots:
        plot.legend.append(("stated", _("stated by a source")))
