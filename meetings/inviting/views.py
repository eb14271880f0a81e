"""The page behind the link in an invitation."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from meetings.inviting.answer_page import answer_context, sessions_of, take_answer
from meetings.inviting.answering import answer_by_link
from meetings.inviting.forms import AnswerForms
from meetings.inviting.guard import guarded, unknown_link
from meetings.inviting.links import key_in
from meetings.models import Invitee


# Nobody is signed in here: whoever may send holds the address. So there is no cookie to protect, and a browser that is
# told to name no referrer is not turned away.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show an organisation's answer to whoever holds a link of theirs, and take a new one; looking changes nothing."""
    invitee = _invitee(token)
    if invitee is None:
        return unknown_link(request)
    return guarded(_send(request, invitee, token) if request.method == "POST" else _page(request, invitee))


def _invitee(token: str) -> Invitee | None:
    key = key_in(Invitee, token)
    if key is None:
        return None
    found = Invitee.objects.standing().filter(key=key)
    return found.select_related(
        "invitation__meeting__host_city", "invitation__meeting__country", "invitation__organisation"
    ).first()


def _send(request: HttpRequest, invitee: Invitee, token: str) -> HttpResponse:
    invitation = invitee.invitation
    forms = AnswerForms(invitation, sessions_of(invitation), request.POST)
    refusal = take_answer(forms, lambda: answer_by_link(invitee, forms.answer(), edition=forms.edition))
    if refusal is None:
        return HttpResponseRedirect(f"{reverse('meetings:answer', args=[token])}?noted")
    invitee.invitation = refusal.invitation or invitation
    return _page(request, invitee, refusal.forms, status=refusal.status, **refusal.further)


def _page(
    request: HttpRequest, invitee: Invitee, forms: AnswerForms | None = None, *, status: int = 200, **further: Any
) -> HttpResponse:
    context = answer_context(AnonymousUser(), invitee.invitation, forms)
    context |= {"is_noted": "noted" in request.GET and invitee.invitation.is_answered, "by_link": True, **further}
    return TemplateResponse(request, "meetings/answer.html", context, status=status)
