"""One's own organisation: what the register holds of it, what it proposes for its page, and its brief."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from b40.briefing import pdf_of, read_brief
from b40.my.guard import for_delegates, for_delegates_and_staff
from b40.pages.organisation import groups_of, terms_of
from meetings.own_record import OUTCOMES, read_own_record
from members.models import Mandate, Organisation, ProposedChange, User
from members.offices import seats
from members.paging import paginate
from members.proposing import lines_of, waiting_for
from members.register import period_on, periods
from members.rights import briefed_on, mandates_of, organisations_of

MEETINGS_PER_PAGE = 20
ANSWERS_SHOWN = 3


def own_organisation(request: HttpRequest, slug: str) -> Organisation:
    """Give an organisation for which the visitor speaks today; 404 for any other."""
    own = organisations_of(request.user).select_related("country").prefetch_related("names")
    return get_object_or_404(own, slug=slug)


@for_delegates
@require_safe
def cities(request: HttpRequest) -> HttpResponse:
    """Lead to one's own organisation, or list them for somebody who speaks for several."""
    own = list(organisations_of(request.user).select_related("country").prefetch_related("names"))
    if len(own) == 1:
        return redirect("my:city", own[0].slug)
    return TemplateResponse(request, "my/cities.html", {"organisations": own})


@for_delegates
@require_safe
def city(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the register holds of one's organisation, with what waits for the secretariat's answer."""
    user, organisation, today = cast(User, request.user), own_organisation(request, slug), timezone.localdate()
    membership = periods(organisation.membership_changes.prefetch_related("sources"))
    record = read_own_record(organisation, membership, until=today)
    page = paginate(request, record.meetings, MEETINGS_PER_PAGE)
    mandates = Mandate.objects.visible_to(user).filter(organisation=organisation).select_related("person")
    context = {
        "organisation": organisation,
        "current": period_on(membership, today),
        "membership": membership[::-1],
        "founding": next((spell.change for spell in membership if spell.change.founding), None),
        "terms": terms_of(user, organisation),
        "seats": seats(organisation.board_seat_changes.select_related("city").prefetch_related("sources")),
        "groups": groups_of(organisation),
        "own_mandates": mandates.filter(person=user.person).order_by("-starts_on", "pk"),
        "held": set(mandates_of(user, today).values_list("pk", flat=True)),
        "colleagues": mandates.on(today).exclude(person=user.person).order_by("person__name", "pk"),
        "record": record,
        "outcomes": list(OUTCOMES.values()),
        "page": page,
        **proposals_of(user, organisation),
    }
    return TemplateResponse(request, "my/city.html", context)


def proposals_of(user: User, organisation: Organisation) -> dict[str, Any]:
    """Give the proposal of an organisation that waits, and the last ones that were answered, in words."""
    waiting = waiting_for(organisation)
    answered = ProposedChange.objects.visible_to(user).filter(organisation=organisation).decided()
    shown = list(answered.select_related("organisation", "proposed_by__person", "decided_by")[:ANSWERS_SHOWN])
    return {
        "waiting": waiting,
        "waiting_lines": lines_of(waiting) if waiting else [],
        "answered": [(proposal, lines_of(proposal)) for proposal in shown],
    }


@for_delegates_and_staff
@require_safe
def brief(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the brief of an organisation, to print or to read."""
    organisation = _briefed(request, slug)
    found = read_brief(organisation, timezone.localdate())
    return TemplateResponse(request, "my/brief.html", {"brief": found, "organisation": organisation})


@for_delegates_and_staff
@require_safe
def brief_paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the brief of an organisation as PDF."""
    organisation, today = _briefed(request, slug), timezone.localdate()
    response = HttpResponse(pdf_of(read_brief(organisation, today)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="b40-brief-{organisation.slug}-{today.isoformat()}.pdf"'
    return response


def _briefed(request: HttpRequest, slug: str) -> Organisation:
    known = briefed_on(request.user).select_related("country").prefetch_related("names")
    return get_object_or_404(known, slug=slug)
