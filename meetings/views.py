"""The list of meetings, a meeting's page, and their calendars."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meetings.attendance import AttendanceList
from meetings.calendar import Entry, digest, in_calendar, read_entries, recent, when, write_feed, write_file
from meetings.facets import MEETING_COUNTERS, count_options
from meetings.filters import MeetingFilter
from meetings.minutes.public import read_minutes
from meetings.models import DatePrecision, Decision, Meeting, Session
from meetings.neighbours import neighbours
from meetings.news import news_of_meeting
from meetings.own_page import read_own
from meetings.papers import papers_of, photos_of
from meetings.programme import groups_of, read_programme
from meetings.standing import standing_of
from meetings.structured import event, in_a_sentence
from meetings.texts import sanitise
from meetings.turnout import read_turnout
from members.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from meetings.models.meetings import MeetingQuerySet

PER_PAGE = 25
MOST_UPCOMING = 10
AN_HOUR = 3_600


@login_not_required
@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """Show the meetings that the filters leave, newest first; unfiltered, those to come stand before the others."""
    asked = MeetingFilter(request.GET, user=request.user)
    upcoming = [] if asked.is_narrowed else list(_listed(asked.queryset.upcoming(timezone.localdate()))[:MOST_UPCOMING])
    found: MeetingQuerySet = asked.qs.exclude(pk__in=[meeting.pk for meeting in upcoming])
    page = paginate(request, _listed(found), PER_PAGE)
    total = asked.queryset.count()
    count_options(asked, MEETING_COUNTERS)
    context = {
        "asked": asked,
        "form": asked.form,
        "page": page,
        "number": page.paginator.count,
        "is_parted": bool(upcoming),
        "total": total,
        "upcoming": rows(asked, upcoming) if page.number == 1 else [],
        "rows": rows(asked, list(page.object_list)),
        "ways_out": [] if page.paginator.count else asked.ways_out(),
        "city_found": None if page.paginator.count else asked.city_named(),
    }
    return TemplateResponse(request, "meetings/list.html", context)


@login_not_required
@require_safe
@never_cache
def next_meeting(request: HttpRequest) -> HttpResponse:
    """Lead on to the next meeting, the one under way included; to the list when none is announced.

    A stable address, for signatures, posters and the codes on them: where it leads is never kept.
    """
    meeting = Meeting.objects.visible_to(request.user).upcoming(timezone.localdate()).first()
    return redirect(meeting or "meetings:list")


def _listed(meetings: "MeetingQuerySet") -> "MeetingQuerySet":
    shown = meetings.with_counts().with_presidency().select_related("host_city")
    return shown.defer("report", "search", "note", "basis", "host_city__description", "host_city__search")


def rows(asked: MeetingFilter, meetings: list[Meeting]) -> list[dict[str, Any]]:
    """Give each meeting with the groups that met and the city that presided; two queries."""
    groups = groups_of(meetings)
    terms = {term.pk: term for term in asked.options["presidency"].values()}
    return [
        {
            "meeting": meeting,
            "groups": groups.get(meeting.pk, []),
            "presidency": terms.get(meeting.presidency_pk),  # type: ignore[attr-defined]  # annotated
        }
        for meeting in meetings
    ]


@login_not_required
@require_safe
def meeting_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a meeting: what was on the table, who came, and where that is told. A draft is 404 to all but staff."""
    visible = Meeting.objects.visible_to(request.user).select_related("host_city", "country", "summit_of__city")
    meeting = get_object_or_404(visible.prefetch_related("host_city__names", "sources"), slug=slug)
    programme = read_programme(request.user, meeting)
    documents = papers_of(request.user, meeting)
    context = {
        "meeting": meeting,
        "programme": programme,
        "topic_groups": programme.topics_by_group,
        "presidency": meeting.presidency,
        "report": mark_safe(sanitise(meeting.report)),  # noqa: S308  nothing but harmless markup is left
        "is_long": meeting.known_by > meeting.start_on,
        "times": times(meeting, programme.sessions),
        "has_calendar": meeting.date_precision == DatePrecision.DAY,
        "structured": event(request, meeting, programme.topics),
        "documents": documents,
        "own": read_own(request.user, meeting, documents),
        "photos": photos_of(request.user, meeting),
        "news": news_of_meeting(request.user, meeting),
        "guests": list(meeting.guests.all()),
        "decisions": list(Decision.objects.visible_to(request.user).filter(meeting=meeting).with_told()),
        "minutes": read_minutes(request.user, meeting),
        **standing_of(request.user, meeting),
        **read_turnout(meeting),
        **neighbours(request.user, meeting),
    }
    attendance: AttendanceList = context["attendance"]
    context["parts"] = programme.parts(attendance)
    context["description"] = in_a_sentence(meeting, len(attendance.cities))
    response = TemplateResponse(request, "meetings/detail.html", context)
    if context["own"]:
        add_never_cache_headers(response)
    return response


def times(meeting: Meeting, sessions: "Sequence[Session]") -> dict[str, dt.datetime] | None:
    """Give when a meeting of one day begins and, if known, ends; None when no session has a time."""
    start, end = when(meeting, sessions)
    if meeting.known_by > meeting.start_on or not isinstance(start, dt.datetime):
        return None
    return {"at": start, "until": end} if isinstance(end, dt.datetime) else {"at": start}


@login_not_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Answer with the calendar feed, narrowed by the same filters as the list."""
    asked = MeetingFilter(request.GET, user=request.user)
    return calendar_response(request, read_entries(request, recent(asked.qs)), write_feed, "b40-meetings.ics")


@login_not_required
@require_safe
def ics(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the calendar file of one meeting. Of which only the month is known there is none: 404."""
    entries = read_entries(request, in_calendar(Meeting.objects.visible_to(request.user).filter(slug=slug)))
    if not entries:
        raise Http404("no such meeting with known days")
    return calendar_response(request, entries, lambda found: write_file(found[0]), f"{slug}.ics")


def calendar_response(
    request: HttpRequest, entries: list[Entry], write: "Callable[[list[Entry]], bytes]", filename: str, *further: str
) -> HttpResponse:
    """Write a calendar, unless the program that asks has it already; what was written is kept for others who ask the
    same. `further` is what the text rests on beside its entries.
    """
    # Only the entity tag is asked: a session's new time or a deleted meeting changes the text but no meeting's own
    # date.
    mark = digest(entries, filename, *further)
    etag = quote_etag(mark)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        body = caches["answers"].get_or_set(f"calendar:{mark}", lambda: write(entries), AN_HOUR)
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'inline; filename="{filename}"'
        if entries:
            response["Last-Modified"] = http_date(max(entry.changed for entry in entries).timestamp())
    response["ETag"] = etag
    patch_cache_control(response, no_cache=True, **({"private": True} if request.user.is_authenticated else {}))
    return response
