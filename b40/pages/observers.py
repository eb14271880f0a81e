"""Observers and partners of the network, present and past."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from b40.pages.organisation import organisation_page
from meetings.participation import count_meetings
from members.models import Kind, MembershipChange, Organisation, Status
from members.paging import paginate
from members.register import Period, period_on, periods

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from members.models import User

OBSERVERS_PER_PAGE = 50


@dataclass(frozen=True)
class Body:
    """An observer or partner, with what the log says of it."""

    organisation: Organisation
    last: Period[MembershipChange]  # the last line by the day
    meetings: int

    @property
    def is_past(self) -> bool:
        return self.last.change.status == Status.ENDED


@login_not_required
@require_safe
def observer_list(request: HttpRequest) -> HttpResponse:
    """Show the bodies that observe the network or work with it, and those that once did."""
    today = timezone.localdate()
    bodies = Organisation.objects.visible_to(request.user).exclude(kind=Kind.CITY).registered_by(today)
    is_past = ExpressionWrapper(Q(status=Status.ENDED), BooleanField())
    ordered = bodies.with_status(today).alias(is_past=is_past).order_by("is_past", "key", "pk")
    page = paginate(request, ordered, OBSERVERS_PER_PAGE)
    rows = body_rows(request.user, page.object_list, today)
    context = {
        "page": page,
        "observers": [row for row in rows if row.last.change.status == Status.OBSERVER],
        "partners": [row for row in rows if row.last.change.status == Status.PARTNER],
        "others": [row for row in rows if row.last.change.status in {Status.CANDIDATE, Status.MEMBER}],
        "past": [row for row in rows if row.is_past],
    }
    return TemplateResponse(request, "members/observers.html", context)


@login_not_required
@require_safe
def observer_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an observer or partner; a city has its page in the register of cities."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user).select_related("country"), slug=slug)
    return redirect(organisation) if organisation.is_city else organisation_page(request, organisation)


def body_rows(user: "User | AnonymousUser", page: "Iterable[Organisation]", day: dt.date) -> list[Body]:
    """Read the log of the bodies of one page, and count how often each came."""
    keys = [body.pk for body in page]
    listed = Organisation.objects.visible_to(user).filter(pk__in=keys).select_related("country")
    found = {body.pk: body for body in listed.prefetch_related("names", "membership_changes__sources")}
    attended = count_meetings(user, found.values(), day)
    rows = ((found[key], period_on(periods(found[key].membership_changes.all()), day)) for key in keys)
    return [Body(body, spell, attended.get(body.pk, 0)) for body, spell in rows if spell]
