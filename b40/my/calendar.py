"""The page about one's own calendar: its secret address, how to add it, a new one, none."""

from typing import cast
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from b40.my.guard import for_accounts
from meetings.desk.codes import qr_svg
from meetings.following.own_calendar import make_link, standing_link, switch_off, token_of
from meetings.models import CalendarLink
from members.models import User
from members.rights import mandates_of
from workinggroups.rights import groups_of


@for_accounts
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the address of the calendar and how programs subscribe to it."""
    user = cast(User, request.user)
    link = standing_link(user)
    context = {
        "link": link,
        "address": _address(request, link) if link else "",
        "webcal": _webcal(request, link) if link else "",
        "quoted": quote(_webcal(request, link), safe="") if link else "",
        "https_quoted": quote(_address(request, link), safe="") if link else "",
        "groups": groups_of(user).order_by("order", "name"),
        "has_mandate": mandates_of(user).exists(),
    }
    return TemplateResponse(request, "my/calendar.html", context)


def _address(request: HttpRequest, link: CalendarLink) -> str:
    return request.build_absolute_uri(reverse("meetings:own_calendar", args=[token_of(link)]))


def _webcal(request: HttpRequest, link: CalendarLink) -> str:
    """Give the address as calendar programs open it straight from a page."""
    return f"webcal:{_address(request, link).partition(':')[2]}"


@for_accounts
@require_safe
def calendar_code(request: HttpRequest) -> HttpResponse:
    """Draw the address for a phone's camera; to its owner alone."""
    link = standing_link(cast(User, request.user))
    if link is None:
        raise Http404("no calendar link")
    return HttpResponse(qr_svg(_webcal(request, link)), content_type="image/svg+xml")


@for_accounts
@require_POST
def calendar_renew(request: HttpRequest) -> HttpResponse:
    """Make a new address; the old one is dead."""
    had_one = standing_link(cast(User, request.user)) is not None
    make_link(cast(User, request.user))
    told = _("The calendar has a new address. The old one is dead: add the new one to your programs.")
    messages.success(request, told if had_one else _("Your calendar has an address now."))
    return HttpResponseRedirect(reverse("my:calendar"))


@for_accounts
@require_POST
def calendar_off(request: HttpRequest) -> HttpResponse:
    """Switch the calendar off."""
    switch_off(cast(User, request.user))
    messages.success(request, _("The calendar is switched off: its address leads nowhere any more."))
    return HttpResponseRedirect(reverse("my:calendar"))
