"""Where and when topics were on the table, as far as a visitor may see the meetings."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max

from meetings.models import AgendaItem, Meeting
from workinggroups.models import Topic

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from meetings.models.meetings import MeetingQuerySet
    from members.models import User


@dataclass(frozen=True)
class Discussion:
    """At how many meetings a topic was on the agenda, and when the last of them began."""

    meetings: int
    last: dt.date


def discussions(user: "User | AnonymousUser", topics: Iterable[Topic]) -> dict[int, Discussion]:
    """Tell how often each of some topics was on the agenda, by its key; one query.

    A topic that never was is left out.
    """
    keys = [topic.pk for topic in topics]
    items = AgendaItem.topics.through.objects.filter(
        topic__in=keys, agendaitem__session__meeting__in=Meeting.objects.visible_to(user)
    )
    meeting = "agendaitem__session__meeting"
    rows = items.values_list("topic").annotate(Count(meeting, distinct=True), Max(f"{meeting}__start_on")).order_by()
    return {key: Discussion(number, last) for key, number, last in rows}


def meetings_on(user: "User | AnonymousUser", topic: Topic) -> "MeetingQuerySet":
    """Give the meetings with a topic on their agenda."""
    items = AgendaItem.objects.filter(topics=topic)
    return Meeting.objects.visible_to(user).filter(pk__in=items.values("session__meeting"))


def sessions_on(topic: Topic, meetings: Sequence[Meeting]) -> dict[int, list[str]]:
    """Name the sessions of some meetings that had a topic on their agenda, by the meetings' keys; two queries."""
    items = AgendaItem.objects.filter(topics=topic, session__meeting__in=meetings).select_related("session")
    ordered = items.prefetch_related("session__working_groups").order_by("session__order", "session__pk", "order", "pk")
    names: dict[int, dict[str, None]] = defaultdict(dict)
    for item in ordered:
        names[item.session.meeting_id][str(item.session)] = None
    return {key: list(labels) for key, labels in names.items()}
