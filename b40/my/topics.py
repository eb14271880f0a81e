"""Topics from the delegate's side: those of one's groups, proposing one, supporting one."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from b40.my.forms import ProposalForm
from b40.my.guard import for_delegates
from meetings.discussion import discussions, meetings_on
from members.models import User
from members.paging import paginate
from members.rights import organisations_of
from workinggroups.actions import Proposed, propose_topic, support, withdraw_support
from workinggroups.models import PUBLIC_STATUSES, Topic, TopicProposal, TopicStatus, TopicSupport
from workinggroups.rights import coordinated_by, groups_of, may_edit_topic, supporting
from workinggroups.similar import similar_topics

TOPICS_PER_PAGE = 40
MEETINGS = 25


@for_delegates
@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """Show what is proposed to one's groups, what became of one's own proposals, and what is on their table."""
    topics = Topic.objects.visible_to(request.user).with_support().select_related("group", "proposal__organisation")
    mine = organisations_of(request.user)
    table = topics.filter(group__in=groups_of(request.user), status__in=PUBLIC_STATUSES)
    page = paginate(request, table.order_by("group__order", "group__name", "title", "pk"), TOPICS_PER_PAGE)
    discussed = discussions(request.user, page.object_list)
    context = {
        "proposed": topics.proposed().order_by("-proposal__at", "-pk"),
        "declined": topics.filter(status=TopicStatus.DECLINED, proposal__organisation__in=mine).order_by(
            "-status_since"
        ),
        "page": page,
        "rows": [{"topic": topic, "discussed": discussed.get(topic.pk)} for topic in page.object_list],
        "coordinated": coordinated_by(request.user).order_by("order", "name"),
        "may_propose": groups_of(request.user).exists(),
    }
    return TemplateResponse(request, "my/topics.html", context)


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a topic; who is about to propose what the group has already is shown that first."""
    user = cast(User, request.user)
    form = ProposalForm(user, request.POST or None, initial={"group": request.GET.get("group")})
    similar: list[Topic] = []
    if request.method == "POST" and form.is_valid():
        similar = _unseen(user, form)
        if not similar:
            topic = _propose(user, form)
            if topic:
                messages.success(request, _("Thank you: your topic was sent to the group's coordinators."))
                return redirect("my:topic", slug=topic.slug)
    refused = form.is_bound
    context = {"form": form, "similar": similar}
    return TemplateResponse(request, "my/propose.html", context, status=422 if refused else 200)


def _unseen(user: User, form: ProposalForm) -> list[Topic]:
    """Give the similar topics that the form was not sent after; the form then carries their keys."""
    similar = similar_topics(user, form.cleaned_data["group"], form.cleaned_data["title"])
    keys = ",".join(str(topic.pk) for topic in sorted(similar, key=lambda topic: topic.pk))[:200]
    if not similar or form.cleaned_data["seen"] == keys:
        return []
    typed = cast(QueryDict, form.data).copy()
    typed["seen"] = keys
    form.data = typed
    return similar


def _propose(user: User, form: ProposalForm) -> Topic | None:
    data = form.cleaned_data
    proposed = Proposed(data["title"], data["why"], data["wanted"], data["links"])
    try:
        return propose_topic(data["group"], data["organisation"], proposed, by=user)
    except ValidationError as error:
        form.add_error("title", error.messages)
        return None


@for_delegates
@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a topic with how it came, who supports it, and where it was discussed."""
    user = cast(User, request.user)
    topic = _topic(request, slug)
    supports = TopicSupport.objects.visible_to(user).standing().filter(topic=topic).select_related("organisation")
    lines = list(supports.order_by("since", "pk"))
    backing = {line.organisation_id for line in lines}
    own = list(supporting(user, topic))
    proposals = TopicProposal.objects.visible_to(user).filter(topic=topic).select_related("organisation")
    context = {
        "topic": topic,
        "proposal": proposals.first(),
        "supports": lines,
        "may_support": [one for one in own if one.pk not in backing],
        "may_withdraw": [one for one in own if one.pk in backing],
        "may_edit": may_edit_topic(user, topic),
        "meetings": meetings_on(user, topic).select_related("host_city").with_counts()[:MEETINGS],
    }
    return TemplateResponse(request, "my/topic.html", context)


@for_delegates
@require_POST
def topic_support(request: HttpRequest, slug: str) -> HttpResponse:
    """Support a topic in the name of an organisation, or withdraw that."""
    user, topic = cast(User, request.user), _topic(request, slug)
    key = request.POST.get("organisation", "")
    organisation = get_object_or_404(organisations_of(user), Q(slug=key))
    try:
        if request.POST.get("do") == "withdraw":
            withdraw_support(topic, organisation, by=user)
            messages.success(request, _("%(city)s no longer supports this topic.") % {"city": organisation})
        else:
            support(topic, organisation, by=user)
            messages.success(request, _("%(city)s supports this topic.") % {"city": organisation})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("my:topic", slug=topic.slug)


def _topic(request: HttpRequest, slug: str) -> Topic:
    topics = Topic.objects.visible_to(request.user).select_related("group")
    return get_object_or_404(topics, slug=slug)
