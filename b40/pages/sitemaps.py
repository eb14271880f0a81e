"""The sitemap: an index, and pages of at most 5,000 addresses of what the public may see."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap, views
from django.db.models import Max, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from meetings.models import Meeting, NewsItem
from members.models import Organisation, Presidency
from workinggroups.models import Topic, WorkingGroup

PER_PAGE = 5_000
_PUBLIC = AnonymousUser()


class PageSitemap(Sitemap[str]):
    """The pages that are there whatever the record holds."""

    NAMES: ClassVar = (
        "home",
        "about",
        "meetings:list",
        "meetings:news_list",
        "members:city_list",
        "members:observer_list",
        "members:presidency_list",
        "workinggroups:list",
        "workinggroups:topic_list",
    )

    def items(self) -> tuple[str, ...]:
        return self.NAMES

    def location(self, item: str) -> str:
        return reverse(item)


class RecordSitemap(Sitemap[Any]):
    """Pages of records, in the order in which they came, so that a record keeps its place in the pages."""

    limit = PER_PAGE

    def items(self) -> "QuerySet[Any]":
        raise NotImplementedError

    def location(self, item: Model) -> str:
        return str(item.get_absolute_url())  # type: ignore[attr-defined]


class MeetingSitemap(RecordSitemap):
    """Meetings know when they were changed."""

    def items(self) -> "QuerySet[Meeting]":
        return Meeting.objects.visible_to(_PUBLIC).order_by("pk").only("slug", "changed_at")

    def lastmod(self, item: Meeting) -> dt.datetime:
        return item.changed_at

    def get_latest_lastmod(self) -> dt.datetime | None:
        latest: dt.datetime | None = Meeting.objects.visible_to(_PUBLIC).aggregate(latest=Max("changed_at"))["latest"]
        return latest


class NewsSitemap(RecordSitemap):
    """News knows when it was published, and when it was changed."""

    def items(self) -> "QuerySet[NewsItem]":
        return NewsItem.objects.visible_to(_PUBLIC).order_by("pk").only("slug", "published_on", "changed_at")

    def lastmod(self, item: NewsItem) -> dt.datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> dt.datetime | None:
        visible = NewsItem.objects.visible_to(_PUBLIC)
        changed = visible.order_by("-changed_at").first()
        published = visible.order_by("-published_on").first()
        return max((item.updated_at for item in (changed, published) if item), default=None)


class OrganisationSitemap(RecordSitemap):
    def items(self) -> "QuerySet[Organisation]":
        return Organisation.objects.visible_to(_PUBLIC).order_by("pk").only("slug", "kind")


class PresidencySitemap(RecordSitemap):
    def items(self) -> "QuerySet[Presidency]":
        presidencies = Presidency.objects.visible_to(_PUBLIC).order_by("pk")
        return presidencies.select_related("city").only("started_on", "city__slug")


class ReportSitemap(PresidencySitemap):
    """The yearly report of each presidency."""

    def location(self, item: Model) -> str:
        return reverse("members:presidency_report", args=[item.slug])  # type: ignore[attr-defined]


class GroupSitemap(RecordSitemap):
    def items(self) -> "QuerySet[WorkingGroup]":
        return WorkingGroup.objects.visible_to(_PUBLIC).order_by("pk").only("slug")


class TopicSitemap(RecordSitemap):
    def items(self) -> "QuerySet[Topic]":
        return Topic.objects.visible_to(_PUBLIC).order_by("pk").only("slug")


SECTIONS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
    "pages": PageSitemap,
    "meetings": MeetingSitemap,
    "news": NewsSitemap,
    "organisations": OrganisationSitemap,
    "presidencies": PresidencySitemap,
    "reports": ReportSitemap,
    "groups": GroupSitemap,
    "topics": TopicSitemap,
}


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Answer with the index of the sections' pages."""
    return views.index(request, sitemaps=SECTIONS, sitemap_url_name="sitemap_section")


@login_not_required
@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """Answer with one page of a section; ``?p=2`` is the second. An unknown section or page is 404."""
    return views.sitemap(request, sitemaps=SECTIONS, section=section)
