"""The feeds of meetings and of news: the same for everybody, without drafts."""

import datetime as dt

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import conditional_page, require_safe

from meetings.models import Meeting, NewsItem

# RFC 4151: an entry keeps its identity when the site moves or a title changes.
TAG = "tag:b40network.org,2021:"
ENTRIES = 30


class MeetingFeed(Feed[Meeting, None]):
    """The newest public meetings as Atom (RFC 4287)."""

    feed_type = Atom1Feed
    title = gettext_lazy("Meetings of the B40 Balkan Cities Network")
    subtitle = gettext_lazy("Which meetings are announced, which were held, and how many cities came.")
    link = reverse_lazy("meetings:list")
    feed_guid = f"{TAG}meetings"
    author_name = gettext_lazy("B40 Balkan Cities Network, Permanent Secretariat")
    author_link = reverse_lazy("home")

    def items(self) -> "QuerySet[Meeting]":
        return Meeting.objects.visible_to(AnonymousUser()).with_counts().select_related("host_city")[:ENTRIES]

    def item_title(self, item: Meeting) -> str:
        return f"{item.title} ({item.get_status_display()})" if item.is_cancelled else item.title

    def item_description(self, item: Meeting) -> str:
        return _summary(item)

    def item_guid(self, item: Meeting) -> str:
        return f"{TAG}meeting/{item.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Meeting) -> dt.datetime:
        return item.created_at

    def item_updateddate(self, item: Meeting) -> dt.datetime:
        return item.changed_at

    def item_categories(self, item: Meeting) -> list[str]:
        return [item.get_kind_display()]


def _summary(meeting: Meeting) -> str:
    """Kind, days, place and number of cities in a line, then the meeting's own summary."""
    cities: int = getattr(meeting, "city_count", 0)
    place = meeting.host_city.name if meeting.host_city else meeting.place
    facts = [
        capfirst(meeting.get_kind_display()),
        meeting.days,
        place or meeting.get_mode_display(),
        ngettext("%(number)d city", "%(number)d cities", cities) % {"number": cities} if cities else "",
    ]
    line = " · ".join(fact for fact in facts if fact)
    return f"{line}. {meeting.summary}" if meeting.summary else f"{line}."


class NewsFeed(Feed[NewsItem, None]):
    """The newest news that everybody may see, as Atom (RFC 4287)."""

    feed_type = Atom1Feed
    title = gettext_lazy("News of the B40 Balkan Cities Network")
    subtitle = gettext_lazy("Visits, statements, calls: what the network tells beside its meetings.")
    link = reverse_lazy("meetings:news_list")
    feed_guid = f"{TAG}news"
    author_name = gettext_lazy("B40 Balkan Cities Network, Permanent Secretariat")
    author_link = reverse_lazy("home")

    def items(self) -> "QuerySet[NewsItem]":
        return NewsItem.objects.visible_to(AnonymousUser()).prefetch_related("organisations")[:ENTRIES]

    def item_title(self, item: NewsItem) -> str:
        return item.title

    def item_description(self, item: NewsItem) -> str:
        return escape(item.gist)  # Atom's summary is HTML

    def item_guid(self, item: NewsItem) -> str:
        return f"{TAG}news/{item.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: NewsItem) -> dt.datetime:
        return item.published_at or item.created_at

    def item_updateddate(self, item: NewsItem) -> dt.datetime:
        return item.updated_at

    def item_categories(self, item: NewsItem) -> list[str]:
        return [str(item.get_kind_display()), *(organisation.name for organisation in item.organisations.all())]


_feed = MeetingFeed()
_news_feed = NewsFeed()


@login_not_required
@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """Answer with the Atom feed; a reader who has its last change already is told that nothing changed (304)."""
    response: HttpResponse = _feed(request)
    return _beside(request, response, reverse("meetings:list"))


@login_not_required
@require_safe
@conditional_page
def news_feed(request: HttpRequest) -> HttpResponse:
    """Answer with the Atom feed of news, as `feed` does with that of meetings."""
    response: HttpResponse = _news_feed(request)
    return _beside(request, response, reverse("meetings:news_list"))


def _beside(request: HttpRequest, response: HttpResponse, page: str) -> HttpResponse:
    """Name the page that a feed belongs to."""
    response["Link"] = f'<{request.build_absolute_uri(page)}>; rel="alternate"; type="text/html"'
    return response
