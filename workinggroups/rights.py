"""In which groups somebody sits on a day, and which they coordinate."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from members.rights import Visitor, in_the_network, mandates_of

if TYPE_CHECKING:
    from members.models import Organisation
    from members.models.organisations import OrganisationQuerySet
    from workinggroups.models import Topic, WorkingGroup
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


def seated_in(user: Visitor, group: "WorkingGroup", day: dt.date | None = None) -> "OrganisationQuerySet":
    """Give the organisations for which somebody sits in a group on a day: what `groups_of` says, from the other side."""
    from members.models import Organisation  # see above
    from workinggroups.models import GroupSeat, ParticipationChange

    day = day or timezone.localdate()
    held = mandates_of(user, day).order_by()
    seats = GroupSeat.objects.filter(mandate__in=held, group=group).order_by().values("mandate__organisation")
    for_all = held.filter(group_seats__isnull=True).values("organisation")
    joined = ParticipationChange.objects.on(day).filter(group=group, organisation__in=for_all).order_by()
    return Organisation.objects.filter(Q(pk__in=seats) | Q(pk__in=joined.values("organisation"))).order_by("key", "pk")


def supporting(user: Visitor, topic: "Topic") -> "OrganisationQuerySet":
    """Give the organisations in whose name somebody may support a topic: of a proposal those that sit in its group, of a
    topic on the table any of the network.
    """
    from members.models import Organisation  # see above
    from workinggroups.models import TopicStatus

    if topic.status == TopicStatus.PROPOSED and topic.group:
        return seated_in(user, topic.group)
    open_to = in_the_network(user) if topic.status == TopicStatus.OPEN else Organisation.objects.none()
    return open_to.order_by("key", "pk")


def may_propose(user: Visitor, group: "WorkingGroup", organisation: "Organisation") -> bool:
    """Whether somebody may propose a topic to a group in the name of an organisation: they sit in it for that one."""
    return seated_in(user, group).filter(pk=organisation.pk).exists()


def may_edit_topic(user: Visitor, topic: "Topic") -> bool:
    """Whether somebody may decide on a proposal, and change a topic: staff with that right, or the group's coordinators."""
    if user.is_staff and user.has_perm("workinggroups.change_topic"):
        return True
    return topic.group_id is not None and coordinated_by(user).filter(pk=topic.group_id).exists()
