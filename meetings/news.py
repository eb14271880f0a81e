"""The list of news, and the page of one."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from meetings.facets import NEWS_COUNTERS, count_options
from meetings.filters import NewsFilter
from meetings.models import Meeting, NewsItem, Photo
from meetings.neighbours import news_neighbours
from meetings.structured import news_article
from meetings.texts import sanitise
from members.models import Organisation
from members.paging import paginate

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

PER_PAGE = 20
ABOUT_ONE = 5  # on the page of a city or body; its full list is the filtered list of news


@login_not_required
@require_safe
def news_list(request: HttpRequest) -> HttpResponse:
    """Show the news that the filters leave, newest first."""
    asked = NewsFilter(request.GET, user=request.user)
    page = paginate(request, asked.qs.with_lines(request.user), PER_PAGE)
    count_options(asked, NEWS_COUNTERS)
    number = page.paginator.count
    context = {
        "asked": asked,
        "form": asked.form,
        "page": page,
        "number": number,
        "total": asked.queryset.count() if asked.is_narrowed else number,
        "ways_out": [] if number else asked.ways_out(),
        "city_found": None if number else asked.city_named(),
    }
    return TemplateResponse(request, "meetings/news_list.html", context)


@login_not_required
@require_safe
def news_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a piece of news and what it speaks of. A draft, or one that waits for its day, is 404 to all but staff."""
    visible = NewsItem.objects.visible_to(request.user).prefetch_related("sources")
    item = get_object_or_404(visible, slug=slug)
    spoken_of = list(Organisation.objects.visible_to(request.user).filter(news=item).prefetch_related("names"))
    meetings = Meeting.objects.visible_to(request.user)
    photos = list(Photo.objects.visible_to(request.user).filter(news_item=item))
    context = {
        "item": item,
        "text": mark_safe(sanitise(item.text)),  # noqa: S308  nothing but harmless markup is left
        "meeting": meetings.filter(news=item).with_counts().select_related("host_city").first(),
        "organisations": spoken_of,
        "photos": photos,
        "structured": news_article(request, item, spoken_of, photos),
        **news_neighbours(request.user, item),
    }
    return TemplateResponse(request, "meetings/news_detail.html", context)


def news_of_meeting(user: "User | AnonymousUser", meeting: Meeting) -> list[NewsItem]:
    """Give the news that speaks of a meeting, the newest first."""
    return list(NewsItem.objects.visible_to(user).filter(meeting=meeting).with_lines(user))


def news_about(user: "User | AnonymousUser", organisation: Organisation) -> list[NewsItem]:
    """Give the latest news that speaks of a city or body."""
    return list(NewsItem.objects.visible_to(user).about(organisation).with_lines(user)[:ABOUT_ONE])
