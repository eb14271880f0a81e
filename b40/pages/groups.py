"""The working groups: their names over time, who takes part, what they discuss, when they met."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from b40.pages.organisation import city_bar
from b40.pages.topics import Entry as TopicEntry
from meetings.discussion import discussions
from meetings.models import Meeting, Session
from meetings.participation import cities_at_group
from members.dates import days_label
from members.freshness import remembered
from members.paging import paginate
from members.register import Period, periods
from members.rights import view_of
from workinggroups.models import FormerName, GroupRole, ParticipationChange, Topic, WorkingGroup
from workinggroups.naming import named_in_public

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from members.models import Organisation, User

GROUPS_PER_PAGE = 40
MEETINGS_PER_PAGE = 25
TOPICS = 60
COMPANY = 10


@dataclass(frozen=True)
class Participant:
    """An organisation in a group, for one period in one role."""

    organisation: "Organisation"
    spell: Period[ParticipationChange]
    people: list[str] = field(default_factory=list)


@login_not_required
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """Show the groups with how often they met and how many topics they have."""
    page = paginate(request, WorkingGroup.objects.visible_to(request.user), GROUPS_PER_PAGE)
    context = {"page": page, "groups": with_numbers(request.user, page.object_list)}
    return TemplateResponse(request, "workinggroups/groups.html", context)


@login_not_required
@require_safe
def group_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a group: its names, mandate, cities, topics and meetings."""
    group = get_object_or_404(WorkingGroup.objects.visible_to(request.user), slug=slug)
    met = Meeting.objects.visible_to(request.user).of_group(group)
    topics = Topic.objects.visible_to(request.user).filter(group=group)
    taking_part = participants(group)
    listed = list(topics[:TOPICS])
    discussed = discussions(request.user, listed)
    context = {
        "group": group,
        "former_names": former_names(group),
        "present": [row for row in taking_part if row.spell.until is None],
        "past": [row for row in taking_part if row.spell.until],
        "topics": [TopicEntry(topic, discussed.get(topic.pk)) for topic in listed],
        "topic_count": topics.count(),
        "page": paginate(request, met.select_related("host_city").with_counts(), MEETINGS_PER_PAGE),
        "company": [city_bar(row.city, row.meetings) for row in cities_at_group(request.user, group, COMPANY)],
        "sources": group.sources.all(),
    }
    return TemplateResponse(request, "workinggroups/group.html", context)


@dataclass(frozen=True)
class Entry:
    """A group in the list, with what the visitor may see of it."""

    group: WorkingGroup
    meetings: int
    topics: int


def with_numbers(user: "User | AnonymousUser", groups: "Iterable[WorkingGroup]") -> list[Entry]:
    """Count meetings and topics of the groups of one page, as far as the visitor may see them.

    Once for each state of the record, and for each view of it.
    """
    listed = list(groups)
    keys = [group.pk for group in listed]
    met, discussed = remembered(["groups", view_of(user), keys], lambda: _count(user, keys))
    return [Entry(group, met.get(group.pk, 0), discussed.get(group.pk, 0)) for group in listed]


def _count(user: "User | AnonymousUser", groups: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    visible = Meeting.objects.visible_to(user)
    sessions = Session.working_groups.through.objects.filter(workinggroup__in=groups, session__meeting__in=visible)
    met = sessions.values_list("workinggroup").annotate(Count("session__meeting", distinct=True)).order_by()
    topics = Topic.objects.visible_to(user).filter(group__in=groups)
    return dict(met), dict(topics.values_list("group").annotate(Count("pk")).order_by())


def former_names(group: WorkingGroup) -> list[dict[str, Any]]:
    """Give the names that a group bore before, each with the days until which it was in use, the last one first."""
    names = group.former_names.prefetch_related("sources").order_by("-latest", "-pk")
    return [{"name": name, "words": _in_use(name)} for name in names]


def _in_use(name: FormerName) -> str:
    if name.earliest is None:
        return _("out of use after %(day)s at the latest") % {"day": days_label(name.latest, None)}
    if name.earliest == name.latest:
        return _("in use until %(day)s") % {"day": days_label(name.latest, None)}
    return _("last found on %(found)s; the next name is found from %(next)s on") % {
        "found": days_label(name.earliest, None),
        "next": days_label(name.latest + dt.timedelta(days=1), None),
    }


def participants(group: WorkingGroup) -> list[Participant]:
    """Read the log of taking part: who was in the group, for each period.

    Alphabetically, the latest period of one organisation first.
    """
    logs: dict[int, list[ParticipationChange]] = defaultdict(list)
    for change in group.participation_changes.select_related("organisation").prefetch_related("organisation__names"):
        logs[change.organisation_id].append(change)
    spells = [spell for log in logs.values() for spell in periods(log)[::-1] if spell.change.role != GroupRole.LEFT]
    people = named_in_public(group)
    rows = [
        Participant(
            spell.change.organisation, spell, [] if spell.until else people.get(spell.change.organisation_id, [])
        )
        for spell in spells
    ]
    return sorted(rows, key=lambda row: (row.organisation.key, row.organisation.pk))
