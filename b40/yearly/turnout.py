"""Who came in a period: meeting by meeting, country by country, group by group, city by city."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from b40.yearly.period import EVERYBODY, ReportPeriod
from b40.yearly.plots import Column as PlotColumn
from b40.yearly.plots import Plot, draw_columns, partly
from b40.yearly.record import PeriodRecord, read_groups
from b40.yearly.tables import MOST_ROWS, Cell, Column, Section, Strip, Table, city_cell, cut, meeting_cell
from meetings.models import Attendance, DatePrecision, Meeting, MeetingKind, MeetingStatus, Mode
from members.models import Country, MembershipChange, Organisation, Status
from members.register import Period, period_on, periods

# --- Meetings --------------------------------------------------------------------------------------------------------


def meetings_section(record: PeriodRecord) -> Section:
    """Tell the meetings by kind and mode, those that did not take place apart, each with the cities that came."""
    return Section(
        "meetings",
        _("Meetings"),
        lead=[_held_words(record)],
        notices=incomplete_words(record),
        plots=[_cities_by_meeting(record)] if record.held else [],
        tables=[_kinds_table(record), _meetings_table(record)],
    )


def _held_words(record: PeriodRecord) -> str:
    standing = Counter(meeting.status for meeting in record.meetings if not meeting.took_place)
    held = ngettext("%(number)d meeting took place", "%(number)d meetings took place", len(record.held))
    others = [f"{number} {MeetingStatus(status).label}" for status, number in sorted(standing.items())]
    return "; ".join([held % {"number": len(record.held)}, *others]) + "."


def incomplete_words(record: PeriodRecord) -> list[str]:
    """Say how many lists are incomplete: what is counted from them is a least number."""
    if not record.incomplete:
        return []
    words = {"number": record.incomplete, "held": len(record.held)}
    return [
        ngettext(
            "Of %(number)d of the %(held)d meetings the list of cities is not complete: it names those that sources name, so every count "
            "of attendance here is a least number.",
            "Of %(number)d of the %(held)d meetings the lists of cities are not complete: they name those that sources name, so every count "
            "of attendance here is a least number.",
            record.incomplete,
        )
        % words
    ]


def _cities_by_meeting(record: PeriodRecord) -> Plot:
    shown = record.held[-MOST_ROWS:]
    numbers = {meeting.pk: len(record.cities_at.get(meeting.pk, ())) for meeting in shown}
    fewest, most = (choose(shown, key=lambda meeting: numbers[meeting.pk]) for choose in (min, max))
    words = {
        "number": len(shown),
        "least": numbers[fewest.pk],
        "fewest": fewest.title,
        "most": numbers[most.pk],
        "fullest": most.title,
    }
    text = _(
        "A bar for each of the meetings in their order (%(number)d). Fewest cities: %(least)d (%(fewest)s); most: %(most)d (%(fullest)s). The table of "
        "meetings has every number."
    )
    plot = Plot("cities-by-meeting", _("Cities at each meeting"), text % words, 220)
    draw_columns(plot, [_plot_column(meeting, numbers[meeting.pk]) for meeting in shown])
    plot.legend.append(("full", _("the list is complete")))
    if any(not meeting.attendance_complete for meeting in shown):
        plot.legend.append((partly(shown), _("at least: the list is not complete")))
    return plot


def _plot_column(meeting: Meeting, number: int) -> PlotColumn:
    title = f"{meeting.title}, {meeting.days}: {number}"
    return PlotColumn(number, date_format(meeting.start_on, "M Y"), title, meeting.attendance_complete)


def _kinds_table(record: PeriodRecord) -> Table:
    """Kinds against modes, with those that were cancelled or are still to come in columns of their own."""
    standings = sorted({meeting.status for meeting in record.meetings if not meeting.took_place})
    held = Counter((meeting.kind, meeting.mode) for meeting in record.held)
    other = Counter((meeting.kind, meeting.status) for meeting in record.meetings if not meeting.took_place)
    kinds = [kind for kind in MeetingKind if any(meeting.kind == kind for meeting in record.meetings)]
    rows = [
        [
            Cell(str(capfirst(kind.label)), url=record.period.meetings_address({"kind": kind.value})),
            *(Cell(other[kind, status]) for status in standings),
            *(Cell(held[kind, mode]) for mode in Mode),
            Cell(sum(held[kind, mode] for mode in Mode)),
        ]
        for kind in kinds
    ]
    columns = [
        Column(_("Kind"), share=4),
        *(Column(str(capfirst(MeetingStatus(status).label)), "number") for status in standings),
        *(Column(str(capfirst(mode.label)), "number") for mode in Mode),
        Column(_("Held in all"), "number"),
    ]
    empty = _("No meeting is on record.")
    bar = len(columns) - 1
    return Table("kinds", _("Meetings by kind"), columns, rows, total=len(rows), empty=empty, bar=bar)


def _meetings_table(record: PeriodRecord) -> Table:
    rows = [_meeting_row(record, meeting) for meeting in record.meetings]
    return Table(
        "meetings",
        _("All meetings"),
        [
            Column(_("Meeting"), share=6),
            Column(_("Days"), "date", share=4),
            Column(_("Kind"), share=3),
            Column(_("Mode")),
            Column(_("Standing")),
            Column(_("Cities"), "number"),
            Column(_("List")),
        ],
        cut(rows),
        total=len(rows),
        empty=_("No meeting is on record."),
    )


def _meeting_row(record: PeriodRecord, meeting: Meeting) -> list[Cell]:
    took_place = meeting.took_place
    listed = _("complete") if meeting.attendance_complete else _("not complete")
    return [
        meeting_cell(meeting),
        _day_cell(meeting),
        Cell(capfirst(meeting.get_kind_display())),
        Cell(meeting.get_mode_display()),
        Cell(meeting.get_status_display()),
        Cell(
            len(record.cities_at.get(meeting.pk, ())) if took_place else None, url=f"{meeting.get_absolute_url()}#came"
        ),
        Cell(listed if took_place else None),
    ]


def _day_cell(meeting: Meeting) -> Cell:
    """Its days in words; for a table to go on with the first of them, if it is known."""
    is_known = meeting.date_precision == DatePrecision.DAY
    return Cell(meeting.start_on, words=meeting.days) if is_known else Cell(meeting.days)


# --- Countries -------------------------------------------------------------------------------------------------------


def countries_section(record: PeriodRecord) -> Section:
    """Tell attendance by country, beside the members that each has on the last day."""
    day = record.period.last
    members = Organisation.objects.visible_to(EVERYBODY).cities().holding(day, Status.MEMBER).order_by()
    count = dict(members.values_list("country").annotate(Count("pk")))
    countries = [each for each in Country.objects.all() if each.pk in count or each.pk in record.cities_of]
    rows = [_country_row(record, country, count.get(country.pk, 0)) for country in countries]
    columns = [
        Column(_("Country"), share=4),
        Column(_("Member cities"), "number"),
        Column(_("Meetings"), "number"),
        Column(_("Attendances"), "number"),
        Column(_("Cities that came"), "number"),
    ]
    came = sum(bool(record.cities_of.get(country.pk)) for country in countries)
    words = {"came": came, "all": len(countries), "day": date_format(day, "j F Y")}
    lead = [
        _("Cities of %(came)d of the %(all)d countries came. Members are those of %(day)s.") % words,
        _("A city that came to three meetings counts once as a city and as three attendances."),
    ]
    notes = [f"* {country.name}: {country.footnote}" for country in countries if country.footnote]
    table = Table(
        "countries",
        _("Attendance by country"),
        columns,
        rows,
        total=len(rows),
        notes=notes,
        bar=4,
        empty=_("No member city and no attendance is on record."),
    )
    return Section("countries", _("Countries"), lead=lead, tables=[table])


def _country_row(record: PeriodRecord, country: Country, members: int) -> list[Cell]:
    cities = record.cities_of.get(country.pk, set())
    meetings = [record.cities[city] for city in cities]
    label = f"{country.name}*" if country.footnote else country.name
    return [
        Cell(label),
        Cell(members, url=_register_address(record.period, country)),
        Cell(len(set().union(*meetings)), url="#meetings"),
        Cell(sum(len(each) for each in meetings), url="#cities"),
        Cell(len(cities), url="#cities"),
    ]


def _register_address(period: ReportPeriod, country: Country) -> str:
    """Give the address of the country's members on the period's last day."""
    asked = {"on": period.last.isoformat(), "country": country.pk, "status": Status.MEMBER.value}
    return f"{reverse('members:city_list')}?{urlencode(asked)}"


# --- Groups ----------------------------------------------------------------------------------------------------------


def groups_section(record: PeriodRecord) -> Section:
    """Tell attendance by working group."""
    groups = read_groups(record)
    rows = [
        [
            Cell(each.group.name, url=each.group.get_absolute_url()),
            Cell(each.meetings, url=record.period.meetings_address({"group": each.group.slug})),
            Cell(each.visits),
            Cell(each.cities),
        ]
        for each in groups
    ]
    columns = [
        Column(_("Working group"), share=6),
        Column(_("Meetings"), "number"),
        Column(_("Attendances"), "number"),
        Column(_("Cities that came"), "number"),
    ]
    lead = [
        _(
            "Who is on record at a session counts for the groups of that session; who is on record for a whole meeting counts for every group that "
            "met there."
        )
    ]
    empty = _("No working group is on record.")
    table = Table("groups", _("Attendance by working group"), columns, cut(rows), total=len(rows), bar=3, empty=empty)
    return Section("groups", _("Working groups"), lead=lead, tables=[table])


# --- Cities ----------------------------------------------------------------------------------------------------------


def cities_section(record: PeriodRecord) -> Section:
    """Tell attendance by city: how often, at how many of the rounds held while it was a member, and who came when."""
    day = record.period.last
    attended = Attendance.objects.visible_to(EVERYBODY).counted().filter(meeting__in=[each.pk for each in record.held])
    cities = Organisation.objects.visible_to(EVERYBODY).cities().with_status(day)
    wanted = cities.filter(Q(status=Status.MEMBER) | Q(pk__in=attended.order_by().values("organisation")))
    log = Prefetch("membership_changes", MembershipChange.objects.filter(latest__lte=day))
    told = wanted.select_related("country").prefetch_related("names", log).order_by("country__name", "key", "pk")
    listed = list(told[:MOST_ROWS])
    total = wanted.count()
    lead = [
        _("Every member city of %(day)s, and every other city that came.") % {"day": date_format(day, "j F Y")},
        _("“Rounds” are the meetings of the working groups; “held” counts those held while the city was a member."),
        *([_strip_words(record)] if record.held else []),
    ]
    return Section(
        "cities",
        _("Cities"),
        lead=lead,
        tables=[_cities_table(record, listed, total)],
        sheets=[_presence_table(record, listed, total)],
    )


def _strip_words(record: PeriodRecord) -> str:
    words = {"number": min(len(record.held), MOST_ROWS)}
    return (
        _(
            "The strip beside each city has a field for each of the %(number)d meetings that took place, the earliest first: full where the city came; a "
            "low line where it is missing from the complete list of a summit or round; pale where the list is incomplete or the meeting was "
            "for a few; nothing where it was no member. The table “Who came when” says the same in words."
        )
        % words
    )


def _cities_table(record: PeriodRecord, cities: list[Organisation], total: int) -> Table:
    columns = [
        Column(_("City"), share=4),
        Column(_("Country"), share=3),
        Column(_("Standing"), share=2),
        Column(_("Meetings attended"), "number"),
        Column(_("Rounds attended"), "number"),
        Column(_("Rounds held"), "number"),
    ]
    logs = [periods(city.membership_changes.all()) for city in cities]
    rows = [_city_row(record, city, log) for city, log in zip(cities, logs, strict=True)]
    strips = [_strip(record, city, log) for city, log in zip(cities, logs, strict=True)] if record.held else []
    empty = _("No member city and no attendance is on record.")
    return Table("cities", _("Attendance by city"), columns, rows, total=total, strips=strips, empty=empty)


def _city_row(record: PeriodRecord, city: Organisation, log: list[Period[MembershipChange]]) -> list[Cell]:
    attended = record.cities.get(city.pk, set())
    rounds = [each for each in record.rounds if each.pk in attended or _is_member(log, each)]
    came, listed = sum(each.pk in attended for each in rounds), {"city": city.slug}
    status = city.status  # type: ignore[attr-defined]  # annotated
    return [
        city_cell(city),
        Cell(city.country.name if city.country else ""),
        Cell(str(Status(status).label) if status else _("not on record")),
        Cell(len(attended), url=record.period.meetings_address(listed) if attended else ""),
        Cell(came, url=record.period.meetings_address({**listed, "kind": MeetingKind.WORKING_GROUPS}) if came else ""),
        Cell(len(rounds)),
    ]


def _is_member(log: list[Period[MembershipChange]], meeting: Meeting) -> bool:
    spell = period_on(log, meeting.known_by)
    return spell is not None and spell.change.status == Status.MEMBER


def _strip(record: PeriodRecord, city: Organisation, log: list[Period[MembershipChange]]) -> Strip:
    return Strip([_state(record, city, log, meeting) for meeting in record.held[-MOST_ROWS:]])


def _state(record: PeriodRecord, city: Organisation, log: list[Period[MembershipChange]], meeting: Meeting) -> str:
    """How a field of the strip looks: came, missed, open, or "" for no member."""
    if meeting.pk in record.cities.get(city.pk, ()):
        return "came"
    if not _is_member(log, meeting):
        return ""
    return "missed" if meeting.tells_who_was_missing else "open"


def _presence_table(record: PeriodRecord, cities: list[Organisation], total: int) -> Table:
    """City by meeting, in words: what the strips draw."""
    shown = record.held[-MOST_ROWS:]
    columns = [Column(_("City"), share=4), *(Column(f"{each.title}, {each.days}") for each in shown)]
    rows = [[city_cell(city), *_presences(record, city, shown)] for city in cities]
    return Table("presence", _("Who came when"), columns, rows, total=total)


def _presences(record: PeriodRecord, city: Organisation, meetings: list[Meeting]) -> Iterator[Cell]:
    attended = record.cities.get(city.pk, set())
    for meeting in meetings:
        yield Cell(_("came") if meeting.pk in attended else None, blank="")


# --- Others ----------------------------------------------------------------------------------------------------------


def others_section(record: PeriodRecord) -> Section:
    """Tell which observers, partners and other bodies came."""
    bodies = Organisation.objects.visible_to(EVERYBODY).with_status(record.period.last)
    came = bodies.filter(pk__in=list(record.others)[:MOST_ROWS]).prefetch_related("names")
    rows = [
        [
            city_cell(body),
            Cell(str(Status(body.status).label) if body.status else _("guest")),  # type: ignore[attr-defined]  # annotated
            Cell(len(record.others[body.pk])),
        ]
        for body in came
    ]
    columns = [
        Column(_("Body"), share=6),
        Column(_("Standing"), share=3),
        Column(_("Meetings attended"), "number"),
    ]
    empty = _("No observer, partner or other body is on record at a meeting.")
    title = _("Other bodies that came")
    table = Table("others", title, columns, rows, total=len(record.others), empty=empty)
    return Section("others", _("Observers and partners"), tables=[table])
