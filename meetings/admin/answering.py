"""One organisation's answer, as the secretariat notes it: by telephone, by mail, in passing."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meetings.admin.inviting import address_of
from meetings.admin.meeting_pages import page_context, site_of, told_by
from meetings.inviting.answer_page import answer_in_words
from meetings.inviting.answering import AnswerStale, enter_answer
from meetings.inviting.forms import AnswerForms
from meetings.inviting.overview import letter_state
from meetings.inviting.preparing import address_of as link_address
from meetings.models import Invitation, Invitee, Meeting
from meetings.permissions import may_invite
from members.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def enter_view(request: HttpRequest, meeting: Meeting, invitation: int, site: AdminSite) -> HttpResponse:
    """Show what an organisation answered, its people and their links, and take down what it says otherwise."""
    invitations = Invitation.objects.visible_to(request.user).filter(meeting=meeting)
    found = get_object_or_404(invitations.select_related("organisation"), pk=invitation)
    found.meeting = meeting
    sessions = list(meeting.sessions.prefetch_related("working_groups"))
    if request.method != "POST":
        return _page(request, site, found, AnswerForms(found, sessions))
    return _enter(request, site, found, AnswerForms(found, sessions, request.POST))


def _enter(request: HttpRequest, site: AdminSite, invitation: Invitation, forms: AnswerForms) -> HttpResponse:
    if not forms.is_valid():
        return _page(request, site, invitation, forms, status=422)
    try:
        user = cast(User, request.user)
        enter_answer(invitation, forms.answer(), edition=forms.edition, told_by=told_by(request), by=user)
    except AnswerStale as stale:
        forms.show_over(stale.invitation.edition)
        return _page(request, site, stale.invitation, forms, status=409, is_stale=True)
    messages.success(request, _("The answer of %(name)s is noted.") % {"name": invitation.organisation})
    return HttpResponseRedirect(address_of(invitation.meeting))


def _page(
    request: HttpRequest,
    site: AdminSite,
    invitation: Invitation,
    forms: AnswerForms,
    *,
    status: int = 200,
    **further: Any,
) -> HttpResponse:
    context = page_context(
        site, request, invitation.meeting, _("Answer of %(name)s") % {"name": invitation.organisation}
    )
    context |= {
        "invitation": invitation,
        "forms": forms,
        "answer": answer_in_words(invitation),
        "told_by": told_by(request),
        "people": _people(request, invitation),
        "may_invite": may_invite(request.user),
        "is_stale": False,
        **further,
    }
    return TemplateResponse(request, "admin/meetings/meeting/answer.html", context, status=status)


def _people(request: HttpRequest, invitation: Invitation) -> list[dict[str, Any]]:
    """Give who holds which link. The links are shown to those alone who may answer for a city anyway."""
    shows_links, site = may_invite(request.user), site_of(request)
    invitees = Invitee.objects.visible_to(cast(User, request.user)).filter(invitation=invitation)
    return [
        {
            "invitee": invitee,
            "state": letter_state(invitee.letter),
            "link": link_address(invitee, site) if shows_links and invitee.stands else "",
        }
        for invitee in invitees.select_related("letter__mailing", "revoked_by")
    ]
