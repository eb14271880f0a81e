"""What coordinators do: decide on proposals, change topics, confirm what owners report, prepare their sessions."""

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from b40.my.forms import TopicEditForm
from b40.my.guard import for_delegates
from meetings.models import ActionReport, Meeting, Session
from members.models import User
from members.rights import organisations_of
from workinggroups.actions import StaleTopic, change_topic, state_of
from workinggroups.models import Topic, TopicProposal, TopicStatus
from workinggroups.rights import coordinated_by, may_edit_topic

# So long after a meeting its sessions stay at hand: notes are finished afterwards.
AFTERWARDS = dt.timedelta(days=60)
TOPICS = 100


@for_delegates
@require_safe
def group_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a group's coordinator has to do: proposals, reports to confirm, sessions, topics."""
    group = get_object_or_404(coordinated_by(request.user), slug=slug)
    topics = Topic.objects.visible_to(request.user).filter(group=group).with_support()
    meetings = Meeting.objects.visible_to(request.user).filter(last_day__gte=timezone.localdate() - AFTERWARDS)
    sessions = Session.objects.filter(working_groups=group, meeting__in=meetings).select_related("meeting")
    reports = ActionReport.objects.visible_to(request.user).waiting().filter(action__group=group)
    own = organisations_of(request.user)
    context = {
        "group": group,
        "proposed": topics.proposed().select_related("group", "proposal__organisation").order_by("proposal__at", "pk"),
        "reports": reports.exclude(action__owners__in=own).select_related("action", "organisation"),
        "sessions": sessions.prefetch_related("working_groups").order_by("meeting__start_on", "order", "pk"),
        "topics": topics.exclude(status=TopicStatus.PROPOSED).order_by("title", "pk")[:TOPICS],
    }
    return TemplateResponse(request, "my/group.html", context)


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def topic_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a topic: take a proposal on, decline it, describe it anew."""
    user = cast(User, request.user)
    topic = get_object_or_404(Topic.objects.visible_to(user).select_related("group", "proposal"), slug=slug)
    if not may_edit_topic(user, topic):
        raise PermissionDenied
    if request.method != "POST":
        return _edit_page(request, topic, TopicEditForm(topic, initial=_held(topic)))
    form = TopicEditForm(topic, request.POST)
    if not form.is_valid():
        return _edit_page(request, topic, form, status=422)
    changes = {name: form.cleaned_data[name] for name in form.fields if name != "shown"}
    try:
        change_topic(topic, changes, shown=form.cleaned_data["shown"], by=user)
    except StaleTopic as stale:
        return _stale_page(request, stale.topic)
    except ValidationError as error:
        _say(form, error)
        return _edit_page(request, topic, form, status=422)
    messages.success(request, _("The topic is saved."))
    return redirect("my:topic", slug=topic.slug)


def _held(topic: Topic) -> dict[str, Any]:
    """Give what the form shows first: of a proposal, why it matters stands in the place of a description."""
    proposal: TopicProposal | None = getattr(topic, "proposal", None)
    waits = proposal is not None and topic.status == TopicStatus.PROPOSED
    described = topic.description or (proposal.why if proposal and waits else "")
    held = {name: getattr(topic, name) for name in ("title", "status", "status_reason")}
    return {**held, "description": described, "shown": state_of(topic)}


def _say(form: TopicEditForm, error: ValidationError) -> None:
    """Put each message at the field that it is about, where the form has that field."""
    for name, said in getattr(error, "message_dict", {"": error.messages}).items():
        form.add_error(name if name in form.fields else None, said)


def _stale_page(request: HttpRequest, topic: Topic) -> HttpResponse:
    """Show what somebody else saved beside what was typed, which carries the new state."""
    typed = request.POST.copy()
    typed["shown"] = state_of(topic)
    form = TopicEditForm(topic, typed)
    return _edit_page(request, topic, form, status=409, is_stale=True)


def _edit_page(
    request: HttpRequest, topic: Topic, form: TopicEditForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    proposal = getattr(topic, "proposal", None)
    context = {"topic": topic, "form": form, "proposal": proposal, "is_stale": False, **more}
    return TemplateResponse(request, "my/topic_edit.html", context, status=status)
