"""Pages of the admin that belong to one meeting: found, allowed, and shown on the meeting's clocks."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

from meetings.models import Meeting

View = Callable[..., HttpResponse]
Check = Callable[[Any], bool]


def meeting_page(view: View, *, sees: Check, does: Check) -> View:
    """Make a view of a meeting's page: `sees` says who may look, `does` who may send something."""

    def opened(request: HttpRequest, meeting_id: int, **named: Any) -> HttpResponse:
        may = does if request.method == "POST" else sees
        if not (request.user.has_perm("meetings.view_meeting") and may(request.user)):
            raise PermissionDenied
        meetings = Meeting.objects.visible_to(request.user)
        meeting = meetings.select_related("host_city", "country").filter(pk=meeting_id).first()
        if meeting is None:
            raise Http404
        with timezone.override(zoneinfo.ZoneInfo(meeting.timezone)):
            response = view(request, meeting, **named)
            # Drawn here, since a response drawn later would fall back to the server's zone.
            return response.render() if isinstance(response, TemplateResponse) else response

    return opened


def page_context(site: AdminSite, request: HttpRequest, meeting: Meeting, title: str) -> dict[str, Any]:
    """Give what every such page shows around itself."""
    opts = Meeting._meta
    around = {"opts": opts, "module_name": capfirst(opts.verbose_name_plural), "meeting": meeting}
    return {**site.each_context(request), **around, "title": title, "subtitle": None}


def site_of(request: HttpRequest) -> str:
    """Give the site's own address, without a slash at its end, for links in letters."""
    return request.build_absolute_uri("/").rstrip("/")


def told_by(request: HttpRequest) -> str:
    """Read who told staff what they note."""
    return "".join(letter for letter in request.POST.get("told_by", "") if letter.isprintable()).strip()[:200]
