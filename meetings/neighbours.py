"""What stands before and after a meeting or a piece of news."""

from typing import TYPE_CHECKING

from django.db.models import Q

from meetings.models import Meeting, NewsItem

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


def neighbours(user: "User | AnonymousUser", meeting: Meeting) -> dict[str, Meeting | None]:
    """Give the meetings next to one in the order of days, of those that a visitor may see; two queries."""
    others = Meeting.objects.visible_to(user).only("title", "slug", "start_on", "end_on", "date_precision")
    day, pk = meeting.start_on, meeting.pk
    before = others.filter(Q(start_on__lt=day) | Q(start_on=day, pk__lt=pk), start_on__lte=day)
    after = others.filter(Q(start_on__gt=day) | Q(start_on=day, pk__gt=pk), start_on__gte=day)
    return {
        "previous": before.order_by("-start_on", "-pk").first(),
        "following": after.order_by("start_on", "pk").first(),
    }


def news_neighbours(user: "User | AnonymousUser", item: NewsItem) -> dict[str, NewsItem | None]:
    """Give the news published before and after one, of what a visitor may see; none for a draft. Two queries."""
    if item.published_on is None:
        return {"previous": None, "following": None}
    others = NewsItem.objects.visible_to(user).only("title", "slug", "published_on")
    day, pk = item.published_on, item.pk
    before = others.filter(Q(published_on__lt=day) | Q(published_on=day, pk__lt=pk))
    after = others.filter(Q(published_on__gt=day) | Q(published_on=day, pk__gt=pk))
    return {
        "previous": before.order_by("-published_on", "-pk").first(),
        "following": after.order_by("published_on", "pk").first(),
    }
