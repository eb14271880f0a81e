"""One organisation's word on the times of a poll, as the secretariat notes it."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meetings.admin.meeting_pages import page_context, site_of, told_by
from meetings.admin.polling import address_of
from meetings.inviting.overview import letter_state
from meetings.models import Ballot, Meeting, PollOption, Voter
from meetings.permissions import may_poll
from meetings.polling.forms import VoteForm
from meetings.polling.letters import address_of as link_address
from meetings.polling.times import offers_of
from meetings.polling.voting import PollClosed, VoteStale, enter_vote
from members.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def enter_view(request: HttpRequest, meeting: Meeting, ballot: int, site: AdminSite) -> HttpResponse:
    """Show what an organisation said, its people and their links, and take down what it says otherwise."""
    ballots = Ballot.objects.visible_to(request.user).filter(poll__meeting=meeting)
    found = get_object_or_404(ballots.select_related("organisation", "poll__meeting"), pk=ballot)
    if request.method != "POST":
        return _page(request, site, found, VoteForm(found, _offered(found)))
    return _enter(request, site, found, VoteForm(found, _offered(found), request.POST))


def _offered(ballot: Ballot) -> list[PollOption]:
    return list(PollOption.objects.offered().filter(poll=ballot.poll_id).select_related("poll"))


def _enter(request: HttpRequest, site: AdminSite, ballot: Ballot, form: VoteForm) -> HttpResponse:
    user = cast(User, request.user)
    if not form.is_valid():
        return _page(request, site, ballot, form, status=422)
    try:
        enter_vote(ballot, form.vote(), edition=form.shown_edition, told_by=told_by(request), by=user)
    except VoteStale as stale:
        form.show_over(stale.ballot.edition)
        return _page(request, site, stale.ballot, form, status=409, is_stale=True)
    except PollClosed:
        messages.error(request, _("The poll is closed: open it again first."))
        return HttpResponseRedirect(address_of(ballot.poll.meeting))
    messages.success(request, _("The answer of %(name)s is noted.") % {"name": ballot.organisation})
    return HttpResponseRedirect(address_of(ballot.poll.meeting))


def _page(
    request: HttpRequest, site: AdminSite, ballot: Ballot, form: VoteForm, *, status: int = 200, **further: Any
) -> HttpResponse:
    meeting, poll = ballot.poll.meeting, ballot.poll
    context = page_context(site, request, meeting, _("Answer of %(name)s") % {"name": ballot.organisation})
    said = {one.option_id: one.get_suits_display() for one in ballot.preferences.all()}
    context |= {
        "ballot": ballot,
        "poll": poll,
        "form": form,
        "lines": [
            (offer, form.field_of(offer.option), said.get(offer.option.pk, ""))
            for offer in offers_of(form.options, poll.timezone, "")
        ],
        "told_by": told_by(request),
        "people": _people(request, ballot),
        "may_poll": may_poll(request.user),
        "is_stale": False,
        **further,
    }
    return TemplateResponse(request, "admin/meetings/meeting/poll_answer.html", context, status=status)


def _people(request: HttpRequest, ballot: Ballot) -> list[dict[str, Any]]:
    """Give who holds which link. The links are shown to those alone who may answer for a city anyway."""
    shows_links, site = may_poll(request.user), site_of(request)
    voters = Voter.objects.visible_to(cast(User, request.user)).filter(ballot=ballot)
    return [
        {
            "invitee": voter,
            "state": letter_state(voter.letter),
            "link": link_address(voter, site) if shows_links and voter.stands else "",
        }
        for voter in voters.select_related("letter__mailing", "revoked_by")
    ]
