"""The meetings before and after one."""

from typing import TYPE_CHECKING

from django.db.models import Q

from meetings.models import Meeting

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
