"""What came of the meetings of a period: decisions, open actions, and the topics on the table."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from b40.yearly.period import EVERYBODY
from b40.yearly.record import PeriodRecord
from b40.yearly.tables import MOST_ROWS, Cell, Column, Section, Table, meeting_cell
from meetings.models import ActionItem, AgendaItem, Decision
from members.dates import days_label
from workinggroups.models import Topic


def _decided(record: PeriodRecord) -> QuerySet[Decision]:
    """What was decided at the meetings that took place, as far as everybody may read it."""
    return Decision.objects.visible_to(EVERYBODY).filter(meeting__in=[each.pk for each in record.held])


def count_decisions(record: PeriodRecord) -> int:
    """Count what was decided, signed or elected at the meetings that took place."""
    return _decided(record).count()


def decisions_section(record: PeriodRecord) -> Section:
    """Tell what was decided, meeting by meeting; two queries."""
    found = _decided(record)
    ordered = found.select_related("meeting").order_by("meeting__start_on", "meeting", "order", "pk")
    rows = [[Cell(each.text), meeting_cell(each.meeting), Cell(each.meeting.known_by)] for each in ordered[:MOST_ROWS]]
    columns = [Column(_("Decision"), share=9), Column(_("Meeting"), share=5), Column(_("By"), "date", share=3)]
    table = Table(
        "decisions",
        _("Decided and signed"),
        columns,
        rows,
        total=found.count(),
        empty=_("No decision is on record."),
    )
    return Section("decisions", _("Decisions"), tables=[table])


def actions_section(record: PeriodRecord) -> Section:
    """Tell what was still to be done at the period's end, as far as published minutes say so; four queries."""
    last = record.period.last
    found = ActionItem.objects.visible_to(EVERYBODY).open_on(last)
    ordered = found.select_related("meeting").prefetch_related("owners").order_by("due_on", "opened_on", "pk")
    rows = [
        [
            Cell(each.text),
            Cell(", ".join(owner.name for owner in each.owners.all())),
            meeting_cell(each.meeting),
            Cell(each.due_on, note=_("overdue") if each.due_on and each.due_on < last else ""),
        ]
        for each in ordered[:MOST_ROWS]
    ]
    columns = [
        Column(_("Action"), share=7),
        Column(_("Owners"), share=4),
        Column(_("Opened at"), share=4),
        Column(_("Due"), "date", share=3),
    ]
    number, overdue = found.count(), found.filter(due_on__lt=last).count()
    words = {"number": number, "overdue": overdue, "day": days_label(last, None)}
    lead = ngettext(
        "%(number)d action from published minutes was open on %(day)s, %(overdue)d of them overdue.",
        "%(number)d actions from published minutes were open on %(day)s, %(overdue)d of them overdue.",
        number,
    )
    table = Table(
        "actions",
        _("Open actions"),
        columns,
        rows,
        total=number,
        empty=_("No open action stands in published minutes."),
    )
    return Section("actions", _("Open actions"), lead=[lead % words] if number else [], tables=[table])


def _on_the_table(record: PeriodRecord) -> dict[int, int]:
    """At how many of the meetings each topic was on an agenda, as far as everybody may see it; one query."""
    links = AgendaItem.topics.through.objects.filter(
        agendaitem__session__meeting__in=[each.pk for each in record.held],
        topic__in=Topic.objects.visible_to(EVERYBODY).values("pk"),
    )
    rows = links.order_by().values_list("topic").annotate(Count("agendaitem__session__meeting", distinct=True))
    return dict(rows)


def count_topics(record: PeriodRecord) -> int:
    """Count the topics that were on an agenda."""
    return len(_on_the_table(record))


def topics_section(record: PeriodRecord) -> Section:
    """Tell what was discussed, under the groups; what came up most often first."""
    numbers = _on_the_table(record)
    shown = sorted(numbers, key=lambda key: (-numbers[key], key))[:MOST_ROWS]
    topics = Topic.objects.visible_to(EVERYBODY).filter(pk__in=shown).select_related("group")
    ordered = topics.order_by("group__order", "group__name", "title", "pk")
    rows = [
        [
            Cell(each.title, url=each.get_absolute_url()),
            Cell(each.group.name if each.group else _("the whole network")),
            Cell(numbers[each.pk]),
            Cell(each.get_status_display()),
        ]
        for each in ordered
    ]
    columns = [
        Column(_("Topic"), share=8),
        Column(_("Working group"), share=5),
        Column(_("Meetings"), "number"),
        Column(_("Standing today")),
    ]
    lead = ngettext("%(number)d topic was on an agenda.", "%(number)d topics were on an agenda.", len(numbers))
    table = Table(
        "topics", _("Topics discussed"), columns, rows, total=len(numbers), empty=_("No agenda is on record.")
    )
    return Section("topics", _("Topics"), lead=[lead % {"number": len(numbers)}], tables=[table])
