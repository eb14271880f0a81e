"""How many member cities there were on a day."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, OuterRef, Q, Subquery

from members.freshness import remembered
from members.models import Kind, MembershipChange, Status


def count_member_cities(days: Iterable[dt.date]) -> dict[dt.date, int]:
    """Count the member cities on each of some days; once for each state of the record.

    The same rule as `Organisation.objects.holding(day, Status.MEMBER)`: a city is a member from a change that
    says so until its next change.
    """
    wanted = sorted(set(days))
    if not wanted:
        return {}
    counts = remembered(["member cities", wanted], lambda: _count(wanted))
    return dict(zip(wanted, counts, strict=True))


def _count(days: list[dt.date]) -> list[int]:
    following = MembershipChange.objects.filter(
        organisation=OuterRef("organisation"), latest__gt=OuterRef("latest")
    ).order_by("latest")
    spells = MembershipChange.objects.filter(status=Status.MEMBER, organisation__kind=Kind.CITY).annotate(
        until=Subquery(following.values("latest")[:1])
    )
    counts = {
        f"day_{day:%Y_%m_%d}": Count("pk", filter=Q(latest__lte=day) & (Q(until__isnull=True) | Q(until__gt=day)))
        for day in days
    }
    return list(spells.aggregate(**counts).values())
