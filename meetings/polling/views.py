"""The page behind the link in a letter that asks for a date."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from meetings.inviting.guard import guarded, unknown_link
from meetings.inviting.letters import secretariat
from meetings.inviting.links import key_in
from meetings.inviting.sittings import zone_of
from meetings.models import Ballot, PollOption, Suits, Voter
from meetings.polling.forms import VoteForm
from meetings.polling.times import Offer, offers_of
from meetings.polling.voting import PollClosed, Vote, VoteStale, count_words, stored_vote, vote_by_link


# As for the page behind an invitation: whoever may send holds the address, and there is no cookie to protect.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def poll_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the times that are asked about to whoever holds a link, and take their word; looking changes nothing."""
    voter = _voter(token)
    if voter is None:
        return unknown_link(request)
    return guarded(_send(request, voter, token) if request.method == "POST" else _page(request, voter))


def _voter(token: str) -> Voter | None:
    key = key_in(Voter, token)
    if key is None:
        return None
    found = Voter.objects.standing().filter(key=key)
    return found.select_related("ballot__poll__meeting", "ballot__organisation").first()


def _offered(ballot: Ballot) -> list[PollOption]:
    return list(PollOption.objects.offered().filter(poll=ballot.poll_id).select_related("poll"))


def _send(request: HttpRequest, voter: Voter, token: str) -> HttpResponse:
    form = VoteForm(voter.ballot, _offered(voter.ballot), request.POST)
    if not form.is_valid():
        return _page(request, voter, form, status=422)
    try:
        vote_by_link(voter, form.vote(), edition=form.shown_edition)
    except PollClosed:
        return _page(request, voter, status=403, is_too_late=True)
    except VoteStale as stale:
        voter.ballot = stale.ballot
        form.show_over(stale.ballot.edition)
        return _page(request, voter, form, status=409, is_stale=True)
    return HttpResponseRedirect(f"{reverse('meetings:poll', args=[token])}?noted")


def _page(
    request: HttpRequest, voter: Voter, form: VoteForm | None = None, *, status: int = 200, **further: Any
) -> HttpResponse:
    ballot, options = voter.ballot, _offered(voter.ballot)
    form = form or VoteForm(ballot, options)
    counts = count_words(options, but=ballot)
    stored = stored_vote(ballot, options)
    offers = offers_of(form.options, ballot.poll.timezone, zone_of(ballot.organisation))
    context = {
        "voter": voter,
        "ballot": ballot,
        "poll": ballot.poll,
        "meeting": ballot.poll.meeting,
        "organisation": ballot.organisation,
        "form": form,
        "lines": [(one, form.field_of(one.option), counts.get(one.option.pk), _said(stored, one)) for one in offers],
        "chosen": next((one for one in offers if one.option.is_chosen), None),
        "secretariat": secretariat(),
        "is_open": ballot.poll.is_open,
        "is_noted": "noted" in request.GET and ballot.is_answered,
        "is_stale": False,
        "is_too_late": False,
        **further,
    }
    return TemplateResponse(request, "meetings/poll.html", context, status=status)


def _said(stored: Vote, offer: Offer) -> str:
    """Say in words what the organisation answered of an option; "" for nothing."""
    word = stored.words.get(offer.option.pk)
    return str(Suits(word).label) if word else ""
