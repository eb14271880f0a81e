"""The page behind the link in an invitation."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from meetings.inviting.answering import AnswersClosed, AnswerStale, answer_by_link, stored_answer
from meetings.inviting.forms import AnswerForms
from meetings.inviting.guard import guarded, unknown_link
from meetings.inviting.letters import secretariat
from meetings.inviting.links import key_in
from meetings.inviting.sittings import public_programme, sittings_of, zone_of
from meetings.models import Invitation, Invitee
from meetings.papers import papers_of


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
    sessions = list(invitee.invitation.meeting.sessions.prefetch_related("working_groups"))
    forms = AnswerForms(invitee.invitation, sessions, request.POST)
    if not forms.is_valid():
        return _page(request, invitee, forms, status=422)
    try:
        answer_by_link(invitee, forms.answer(), edition=forms.edition)
    except AnswersClosed:
        return _page(request, invitee, status=403, is_too_late=True)
    except AnswerStale as stale:
        invitee.invitation = stale.invitation
        forms.show_over(stale.invitation.edition)
        return _page(request, invitee, forms, status=409, is_stale=True)
    return HttpResponseRedirect(f"{reverse('meetings:answer', args=[token])}?noted")


def _page(
    request: HttpRequest, invitee: Invitee, forms: AnswerForms | None = None, *, status: int = 200, **further: Any
) -> HttpResponse:
    invitation = invitee.invitation
    programme = public_programme(invitation.meeting)
    sittings = sittings_of(programme, zone_of(invitation.organisation))
    context = {
        "invitee": invitee,
        "invitation": invitation,
        "meeting": invitation.meeting,
        "organisation": invitation.organisation,
        "sittings": sittings,
        "documents": papers_of(AnonymousUser(), invitation.meeting),
        "secretariat": secretariat(),
        "answer": answer_in_words(invitation),
        "is_open": invitation.is_open,
        "forms": forms or AnswerForms(invitation, programme.sessions),
        "is_noted": "noted" in request.GET and invitation.is_answered,
        "is_stale": False,
        "is_too_late": False,
        **further,
    }
    return TemplateResponse(request, "meetings/answer.html", context, status=status)


def answer_in_words(invitation: Invitation) -> dict[str, Any]:
    """Give an organisation's answer as pages show it."""
    answer = stored_answer(invitation)
    return {
        "coming": invitation.get_coming_display(),
        "mode": invitation.get_mode_display(),
        "remarks": answer.remarks,
        "sessions": [(str(one.session), one.get_coming_display()) for one in _session_answers(invitation)],
        "delegates": [one for one in answer.delegates if not one.is_alternate],
        "alternates": [one for one in answer.delegates if one.is_alternate],
    }


def _session_answers(invitation: Invitation) -> Any:
    return invitation.session_answers.select_related("session").prefetch_related("session__working_groups")
