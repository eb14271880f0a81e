"""The calendars that programs subscribe to beside the one of all meetings: of a group, and of one account."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from meetings.calendar import naming_of_group, read_entries, recent, write_feed
from meetings.following.own_calendar import link_behind, naming_of_own, note_use, own_entries
from meetings.models import Meeting
from meetings.views import calendar_response
from workinggroups.models import WorkingGroup


@login_not_required
@require_safe
def group_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the calendar of one working group."""
    group = get_object_or_404(WorkingGroup.objects.visible_to(request.user), slug=slug)
    entries = read_entries(request, recent(Meeting.objects.visible_to(request.user).of_group(group)))
    naming = naming_of_group(group)
    return calendar_response(
        request, entries, lambda found: write_feed(found, naming), f"b40-{group.slug}.ics", naming.name
    )


@login_not_required
@require_safe
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the calendar of the account whose secret address this is; 404 for any other address.

    Who is signed in does not matter: programs fetch it without a session.
    """
    link = link_behind(token)
    if link is None:
        response: HttpResponse = HttpResponse(status=404, content_type="text/plain; charset=utf-8")
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the address, which is a key
        return _secret(response)
    note_use(link)
    naming, entries = naming_of_own(), own_entries(request, link.user)
    return _secret(
        calendar_response(request, entries, lambda found: write_feed(found, naming), "b40-my-meetings.ics", naming.name)
    )


def _secret(response: HttpResponse) -> HttpResponse:
    """Let no cache on the way and no search engine keep what a secret address gave."""
    patch_cache_control(response, private=True)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
