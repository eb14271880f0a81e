"""The first page of a delegate: what waits for them, when their groups meet next, and for whom they speak."""

from typing import Any, cast

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from b40.my.guard import for_delegates
from b40.my.waiting import tasks_of
from meetings.inviting.own import OwnAnswer, own_answers
from meetings.models import Meeting, NewsItem
from meetings.programme import groups_of as groups_at
from members.models import User
from members.rights import mandates_of
from workinggroups.models import WorkingGroup
from workinggroups.rights import groups_of

NEXT_MEETINGS = 6
NEWS = 3


@for_delegates
@require_safe
def home(request: HttpRequest) -> TemplateResponse:
    """Show what waits for the visitor, their meetings with the answers given, news of theirs, and their mandates."""
    user, today = cast(User, request.user), timezone.localdate()
    upcoming = Meeting.objects.visible_to(user).concerning(user).upcoming(today)
    meetings = list(upcoming.select_related("host_city").defer("report", "search")[:NEXT_MEETINGS])
    answers, groups = own_answers(user, meetings), groups_at(meetings)
    mandates = mandates_of(user).select_related("organisation")
    context = {
        "tasks": tasks_of(user, today),
        "rows": [_row(each, groups.get(each.pk, []), answers[each.pk]) for each in meetings],
        "news": NewsItem.objects.visible_to(user)
        .concerning(user)
        .with_lines(user)
        .order_by("-published_on", "-pk")[:NEWS],
        "mandates": mandates.order_by("organisation__key", "role", "pk"),
        "groups": groups_of(user).order_by("order", "name"),
    }
    return TemplateResponse(request, "my/home.html", context)


def _row(meeting: Meeting, groups: list[WorkingGroup], answers: list[OwnAnswer]) -> dict[str, Any]:
    joins = meeting.is_at_the_door and any(each.invitation for each in answers)
    return {"meeting": meeting, "groups": groups, "answers": answers, "joins": joins}
