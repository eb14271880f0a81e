"""Topics: what is on the table of which group, and where and when it was discussed."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from meetings.discussion import Discussion, discussions, meetings_on, sessions_on
from members.paging import paginate
from workinggroups.filters import TopicForm
from workinggroups.models import Topic, TopicSupport, WorkingGroup

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

TOPICS_PER_PAGE = 50
MEETINGS_PER_PAGE = 25


@dataclass(frozen=True)
class Entry:
    """A topic with where it was discussed; None when it was not, as far as the visitor may see."""

    topic: Topic
    discussion: Discussion | None


@login_not_required
@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """Show the topics under their groups, narrowed by group, status and words."""
    form = TopicForm(request.GET, user=request.user)
    order = (F("group__order").asc(nulls_last=True), F("group__name").asc(nulls_last=True), "title", "pk")
    page = paginate(request, form.narrow().select_related("group").order_by(*order), TOPICS_PER_PAGE)
    context = {"form": form, "page": page, "groups": by_group(request.user, list(page.object_list))}
    return TemplateResponse(request, "workinggroups/topics.html", context)


@login_not_required
@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a topic with the meetings that discussed it, the latest first."""
    topic = get_object_or_404(Topic.objects.visible_to(request.user).select_related("group"), slug=slug)
    met = meetings_on(request.user, topic).select_related("host_city").with_counts()
    page = paginate(request, met, MEETINGS_PER_PAGE)
    listed = list(page.object_list)
    sessions = sessions_on(topic, listed)
    context = {
        "topic": topic,
        "page": page,
        "rows": [{"meeting": meeting, "sessions": sessions[meeting.pk]} for meeting in listed],
        "sources": topic.sources.all(),
        "supports": supporters(request.user, topic),
    }
    return TemplateResponse(request, "workinggroups/topic.html", context)


def supporters(user: "User | AnonymousUser", topic: Topic) -> list[TopicSupport]:
    """Give who supports a topic that is or was on the table, with their names; of any other topic nobody."""
    lines = TopicSupport.objects.visible_to(user).public().filter(topic=topic).select_related("organisation")
    return list(lines.prefetch_related("organisation__names").order_by("organisation__key", "pk"))


def by_group(user: "User | AnonymousUser", topics: Iterable[Topic]) -> list[tuple[WorkingGroup | None, list[Entry]]]:
    """Put the topics of one page under their groups, each with where it was discussed; one query."""
    listed = list(topics)
    discussed = discussions(user, listed)
    groups = groupby(listed, key=lambda topic: topic.group)
    return [(group, [Entry(topic, discussed.get(topic.pk)) for topic in rows]) for group, rows in groups]
