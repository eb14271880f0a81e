"""A meeting for those who come: answering for one's organisation, and finding out why one cannot."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from b40.my.guard import for_delegates
from meetings.inviting.answer_page import answer_context, sessions_of, take_answer
from meetings.inviting.answering import answer_by_account
from meetings.inviting.colleagues import colleagues_of
from meetings.inviting.forms import AnswerForms
from meetings.inviting.letters import secretariat
from meetings.inviting.own import others_coming
from meetings.models import Invitation, Meeting
from meetings.permissions import may_answer
from members.models import User
from members.rights import organisations_of


@for_delegates
@require_safe
def own_meeting(request: HttpRequest, slug: str) -> HttpResponse:
    """A meeting has one page; who is signed in finds their own things on it."""
    return HttpResponseRedirect(
        get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug).get_absolute_url()
    )


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer an invitation; who speaks for several organisations invited chooses for which first."""
    found = list(_invitations(request).filter(meeting__slug=slug).order_by("organisation__key", "pk"))
    if not found:
        return not_invited(request, slug)
    if len(found) == 1:
        return _answer(request, found[0])
    return TemplateResponse(request, "my/answer_choose.html", {"invitations": found, "meeting": found[0].meeting})


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def answer_for(request: HttpRequest, slug: str, organisation: str) -> HttpResponse:
    """Answer for one of one's organisations."""
    found = _invitations(request).filter(meeting__slug=slug, organisation__slug=organisation).first()
    if found:
        return _answer(request, found)
    if not organisations_of(request.user).filter(slug=organisation).exists():
        raise Http404
    return not_invited(request, slug)


def not_invited(request: HttpRequest, slug: str) -> HttpResponse:
    """Say why there is nothing to answer or to join, and whom to write to. Raises Http404 for a meeting not seen."""
    user = cast(User, request.user)
    meeting = get_object_or_404(Meeting.objects.visible_to(user), slug=slug)
    context = {
        "meeting": meeting,
        "organisations": list(organisations_of(user).order_by("key")),
        "concerns": Meeting.objects.filter(pk=meeting.pk).concerning(user).exists(),
        "is_anybody_invited": Invitation.objects.filter(meeting=meeting).exists(),
        "secretariat": secretariat(),
    }
    return TemplateResponse(request, "my/not_invited.html", context, status=403)


def _invitations(request: HttpRequest) -> Any:
    named = ("meeting__host_city", "meeting__country", "organisation")
    return Invitation.objects.visible_to_delegate(request.user).select_related(*named)


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    user = cast(User, request.user)
    colleagues = colleagues_of(user, invitation) if may_answer(user, invitation) else []
    sessions, typed = sessions_of(invitation), request.POST if request.method == "POST" else None
    forms = AnswerForms(invitation, sessions, typed, colleagues=colleagues)
    if request.method != "POST":
        return _page(request, invitation, forms)
    refusal = take_answer(forms, lambda: answer_by_account(invitation, forms.answer(), edition=forms.edition, by=user))
    if refusal is None:
        return HttpResponseRedirect(f"{request.path}?noted")
    again = refusal.forms or AnswerForms(invitation, sessions, colleagues=colleagues)
    return _page(request, refusal.invitation or invitation, again, status=refusal.status, **refusal.further)


def _page(
    request: HttpRequest, invitation: Invitation, forms: AnswerForms, *, status: int = 200, **further: Any
) -> HttpResponse:
    context = answer_context(cast(User, request.user), invitation, forms)
    context |= {"is_noted": "noted" in request.GET and invitation.is_answered, "by_link": False}
    context |= {"others": others_coming(invitation), **further}
    return TemplateResponse(request, "my/answer.html", context, status=status)
