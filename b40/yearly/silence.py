"""Member cities of which the record tells nothing for some time, and how far it can be trusted to tell."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from b40.yearly.period import DAY, EVERYBODY
from b40.yearly.tables import MOST_ROWS, Cell, Column, Section, Table, city_cell, meeting_cell
from meetings.models import FOR_ALL, Attendance, Meeting, Presence
from members.dates import months_before
from members.models import MembershipChange, Organisation, Status
from members.register import period_on, periods, since_label

if TYPE_CHECKING:
    from meetings.models.attendance import AttendanceQuerySet
    from meetings.models.meetings import MeetingQuerySet
    from members.models.organisations import OrganisationQuerySet


@dataclass(frozen=True)
class SilenceRule:
    """How long a city must have been away: some months, or some meetings to which every member city is called."""

    number: int = 12
    unit: str = "months"

    @property
    def key(self) -> str:
        """As it stands in an address: "12-months", "3-meetings"."""
        return f"{self.number}-{self.unit}"

    @property
    def label(self) -> str:
        """As it is chosen in a form."""
        if self.unit == "months":
            return ngettext("%(number)d month", "%(number)d months", self.number) % {"number": self.number}
        words = ngettext("the last %(number)d summit or round", "the last %(number)d summits and rounds", self.number)
        return words % {"number": self.number}


RULES = (
    SilenceRule(6), SilenceRule(12), SilenceRule(24),
    SilenceRule(2, "meetings"), SilenceRule(3, "meetings"), SilenceRule(5, "meetings"), SilenceRule(10, "meetings"),
)  # fmt: skip
USUAL_RULE = RULES[1]
MOST_TITLES = 5


@dataclass(frozen=True)
class Silence:
    """Who was silent, from a day until another."""

    rule: SilenceRule
    since: dt.date
    until: dt.date
    for_all: list[Meeting]  # summits and rounds in that time
    cities: list[Organisation]  # the first of them, with their log
    total: int
    last: dict[int, Meeting]  # the last meeting each attended
    excused: dict[int, int]  # at how many meetings in that time each was excused

    @property
    def incomplete(self) -> list[Meeting]:
        return [meeting for meeting in self.for_all if not meeting.attendance_complete]

    @property
    def is_certain(self) -> bool:
        """Whether not to be on record means not to have been there."""
        return bool(self.for_all) and not self.incomplete


def read_silence(rule: SilenceRule, until: dt.date) -> Silence:
    """Find the member cities that attended nothing since the rule's first day; eight queries.

    A city that became a member only after that day is left out.
    """
    past = Meeting.objects.visible_to(EVERYBODY).that_took_place().filter(last_day__lte=until)
    for_all = past.filter(kind__in=FOR_ALL).order_by("-start_on", "-pk")
    since = _first_day(rule, until, for_all)
    rows = Attendance.objects.visible_to(EVERYBODY).filter(meeting__in=past.values("pk")).of_cities().order_by()
    recent = rows.filter(meeting__start_on__gte=since)
    members = Organisation.objects.visible_to(EVERYBODY).cities().holding(until, Status.MEMBER)
    throughout = members.filter(pk__in=Organisation.objects.holding(since, Status.MEMBER).order_by().values("pk"))
    silent = throughout.exclude(pk__in=recent.counted().values("organisation"))
    cities = _listed(silent, rows, until)
    return Silence(
        rule,
        since,
        until,
        for_all=list(for_all.filter(start_on__gte=since)),
        cities=cities,
        total=silent.count(),
        last=Meeting.objects.visible_to(EVERYBODY).in_bulk({city.last_meeting for city in cities} - {None}),  # type: ignore[attr-defined]  # annotated
        excused=_excused(recent, cities),
    )


def _first_day(rule: SilenceRule, until: dt.date, for_all: "MeetingQuerySet") -> dt.date:
    """The first day that counts: so many months ago, or the beginning of the meeting that was so many meetings ago."""
    if rule.unit == "meetings":
        starts = list(for_all.values_list("start_on", flat=True)[: rule.number])
        return starts[-1] if starts else until
    return months_before(until, rule.number) + DAY


def _listed(silent: "OrganisationQuerySet", rows: "AttendanceQuerySet", until: dt.date) -> list[Organisation]:
    """The first of them, each with `last_meeting`, the key of the last one it attended, and its log."""
    latest = rows.counted().filter(organisation=OuterRef("pk")).order_by("-meeting__last_day", "-meeting")
    log = Prefetch("membership_changes", MembershipChange.objects.filter(latest__lte=until))
    told = silent.annotate(last_meeting=Subquery(latest.values("meeting")[:1])).select_related("country")
    return list(told.prefetch_related("names", log).order_by("country__name", "key", "pk")[:MOST_ROWS])


def _excused(recent: "AttendanceQuerySet", cities: list[Organisation]) -> dict[int, int]:
    rows = recent.filter(presence=Presence.EXCUSED, organisation__in=cities).values("organisation")
    return dict(rows.annotate(meetings=Count("meeting", distinct=True)).values_list("organisation", "meetings"))


# --- In words --------------------------------------------------------------------------------------------------------


def silence_section(silence: Silence) -> Section:
    """Tell who was silent. Where lists are incomplete it says so in the heading, and accuses nobody."""
    title = _("Cities that have fallen silent") if silence.is_certain else _("Cities without attendance on record")
    return Section("silent", title, lead=[_rule_words(silence)], notices=_trust(silence), tables=[_table(silence)])


def _rule_words(silence: Silence) -> str:
    days = {"since": date_format(silence.since, "j F Y"), "until": date_format(silence.until, "j F Y")}
    rule = _(
        "The rule: a city stands here that was a member on %(since)s and on %(until)s and is on record at no meeting of any kind "
        "from the one day to the other (%(span)s)."
    )
    return rule % {**days, "span": silence.rule.label}


def _trust(silence: Silence) -> list[str]:
    """Say what the lists of that time are worth."""
    if not silence.for_all:
        return [
            _("No summit and no round of the groups was held in that time: that a city is not on record says nothing.")
        ]
    number, incomplete = len(silence.for_all), len(silence.incomplete)
    words = {"number": number, "incomplete": incomplete, "complete": number - incomplete}
    if not incomplete:
        told = ngettext(
            "%(number)d summit or round was held in that time; its list of cities is complete.",
            "%(number)d summits and rounds were held in that time; their lists of cities are complete.",
            number,
        )
        return [told % words]
    told = ngettext(
        "%(number)d summit or round was held in that time, and its list of cities is not complete: %(titles)s. A city named here "
        "may well have been there.",
        "%(number)d summits and rounds were held in that time. Of %(incomplete)d the list of cities is not complete: %(titles)s. A city "
        "named here may well have been there; what is certain is that it is missing from the complete lists, of which there are %(complete)d.",
        number,
    )
    return [told % {**words, "titles": _titles(silence.incomplete)}]


def _titles(meetings: list[Meeting]) -> str:
    named = [f"{meeting.title} ({meeting.days})" for meeting in meetings[:MOST_TITLES]]
    more = len(meetings) - len(named)
    return "; ".join([*named, *([_("and %(number)d more") % {"number": more}] if more else [])])


def _table(silence: Silence) -> Table:
    return Table(
        "silent",
        _("Not on record since %(day)s") % {"day": date_format(silence.since, "j F Y")},
        [
            Column(_("City"), share=4),
            Column(_("Country"), share=3),
            Column(_("Member"), share=4),
            Column(_("Last on record on"), "date", share=3),
            Column(_("At"), share=5),
            Column(_("Excused"), "number"),
        ],
        [_row(silence, city) for city in silence.cities],
        total=silence.total,
        empty=_("The rule meets no city."),
        sheet=_("Silent"),
    )


def _row(silence: Silence, city: Organisation) -> list[Cell]:
    last = silence.last.get(city.last_meeting)  # type: ignore[attr-defined]  # annotated
    spell = period_on(periods(city.membership_changes.all()), silence.until)
    return [
        city_cell(city),
        Cell(city.country.name if city.country else ""),
        Cell(since_label(spell.change) if spell else ""),
        Cell(last.known_by if last else None, blank=_("never on record")),
        meeting_cell(last) if last else Cell(None),
        Cell(silence.excused.get(city.pk, 0)),
    ]
