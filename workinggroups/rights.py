"""In which groups somebody sits on a day, and which they coordinate."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from members.rights import Visitor, mandates_of

if TYPE_CHECKING:
    from workinggroups.models.groups import WorkingGroupQuerySet


def groups_of(user: Visitor, day: dt.date | None = None) -> "WorkingGroupQuerySet":
    """Give the groups in which somebody sits on a day, today unless given.

    Those that their mandates name; by a mandate that names none, all in which its organisation takes part.
    """
    from workinggroups.models import GroupSeat, ParticipationChange, WorkingGroup  # models ask for rights too

    day = day or timezone.localdate()
    held = mandates_of(user, day).order_by()
    named = GroupSeat.objects.filter(mandate__in=held).order_by().values("group")
    for_all = held.filter(group_seats__isnull=True).values("organisation")
    joined = ParticipationChange.objects.on(day).filter(organisation__in=for_all).order_by().values("group")
    return WorkingGroup.objects.filter(Q(pk__in=named) | Q(pk__in=joined)).order_by()


def coordinated_by(user: Visitor, day: dt.date | None = None) -> "WorkingGroupQuerySet":
    """Give the groups whose agenda, topics and notes somebody writes on a day: those of theirs that one of their
    organisations coordinates.
    """
    from workinggroups.models import GroupRole, ParticipationChange  # see above

    day = day or timezone.localdate()
    own = mandates_of(user, day).order_by().values("organisation")
    leading = ParticipationChange.objects.on(day).filter(role=GroupRole.COORDINATOR, organisation__in=own).order_by()
    return groups_of(user, day).filter(pk__in=leading.values("group"))
