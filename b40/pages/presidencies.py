"""Presidencies from handover to handover, the Executive Board and the Permanent Secretary."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from b40.pages.rules import PRESIDENCY_RULES
from meetings.models import Meeting
from members.dates import days_label
from members.models import OfficeChange, Presidency
from members.offices import board_during, board_on, ended_on, presidents_of, secretary_on
from members.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from members.models import User
    from members.models.presidencies import PresidencyQuerySet
    from members.offices import Holder

TERMS_PER_PAGE = 24
MEETINGS_PER_PAGE = 25


@login_not_required
@require_safe
def presidency_list(request: HttpRequest) -> HttpResponse:
    """Show the terms from the first to the last, who holds the offices today, and the rules of the presidency."""
    today = timezone.localdate()
    page = paginate(request, terms(request.user), TERMS_PER_PAGE)
    listed = list(page.object_list)
    summits = summits_of(request.user, listed)
    context = {
        "page": page,
        "terms": [summary(term, summits.get(term.pk), today) for term in listed],
        "board": board_on(today),
        "secretary": secretary_on(today),
        "rules": PRESIDENCY_RULES,
        "today": today,
    }
    return TemplateResponse(request, "members/presidencies.html", context)


@login_not_required
@require_safe
def presidency_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a term: its days, presidents, priorities, summit, board and meetings."""
    today = timezone.localdate()
    term = get_term_or_404(request.user, slug)
    meetings = Meeting.objects.visible_to(request.user).during(term).select_related("host_city").with_counts()
    context = {
        "page": paginate(request, meetings, MEETINGS_PER_PAGE),
        "board": board_during(term.started_on, ended_on(term)),
        "sources": term.sources.all(),
        **summary(term, summits_of(request.user, [term]).get(term.pk), today),
        **neighbours(request.user, term),
    }
    return TemplateResponse(request, "members/presidency.html", context)


def terms(user: "User | AnonymousUser") -> "PresidencyQuerySet":
    """Give the presidencies in order, with their ends, cities and presidents."""
    presidents = Prefetch("office_changes", OfficeChange.objects.select_related("person").prefetch_related("sources"))
    found = Presidency.objects.visible_to(user).with_end().with_ordinal().select_related("city__country")
    return found.prefetch_related("city__names", presidents).order_by("started_on")


def get_term_or_404(user: "User | AnonymousUser", slug: str) -> Presidency:
    """Find a presidency by its address, as "athens-2023-01-23". Raises Http404 for any other text."""
    try:
        started_on = dt.date.fromisoformat(slug[-10:])
    except ValueError:
        raise Http404 from None
    term = terms(user).filter(started_on=started_on, city__slug=slug[:-11]).first()
    if term is None or term.slug != slug:
        raise Http404
    return term


def summits_of(user: "User | AnonymousUser", listed: "Iterable[Presidency]") -> dict[int | None, Meeting]:
    """Give the summit at which each term began, by the term's key, as far as the visitor may see it."""
    found = Meeting.objects.visible_to(user).filter(summit_of__in=list(listed)).select_related("host_city")
    return {meeting.summit_of_id: meeting for meeting in found}


def summary(term: Presidency, summit: Meeting | None, today: dt.date) -> dict[str, Any]:
    """Say what a list and a page tell of a term alike; also what `components/timeline.html` asks for."""
    own, end = term.city.own_name, ended_on(term)
    presidents = [holder for holder in presidents_of(term) if holder.change.person]
    return {
        "presidency": term,
        "city": term.city.name,
        "native": own.text if own else "",
        "language": own.language_tag if own else "",
        "url": term.get_absolute_url(),
        "term": term_words(term.started_on, end),
        "presidents": presidents,
        "people": [president_words(holder, alone=len(presidents) == 1) for holder in presidents],
        "motto": term.motto or (summit.motto if summit else ""),
        "summit": summit,
        "is_current": term.started_on <= today and (end is None or today < end),
    }


def term_words(start: dt.date, end: dt.date | None) -> str:
    """Say a term's days: "23 January 2023 to 30 January 2024", "26 January 2026 until today"."""
    if end is None:
        return _("%(start)s until today") % {"start": days_label(start, None)}
    return _("%(start)s to %(end)s") % {"start": days_label(start, None), "end": days_label(end, None)}


def president_words(holder: "Holder", *, alone: bool) -> str:
    """Name a president; with the days when the term had several."""
    name = str(holder.change.person)
    return name if alone else _("%(name)s, %(days)s") % {"name": name, "days": holder.words}


def neighbours(user: "User | AnonymousUser", term: Presidency) -> dict[str, Presidency | None]:
    """Give the terms before and after."""
    others = Presidency.objects.visible_to(user).select_related("city")
    return {
        "previous": others.filter(started_on__lt=term.started_on).order_by("-started_on").first(),
        "next": others.filter(started_on__gt=term.started_on).order_by("started_on").first(),
    }
