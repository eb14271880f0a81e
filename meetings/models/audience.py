"""For whom a paper or a meeting's minutes are meant: one rule for all that bears an audience."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from members.rights import in_the_network
from workinggroups.rights import groups_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class Audience(models.TextChoices):
    PUBLIC = "public", _("everybody")
    MEMBERS = "members", _("the network's organisations")
    GROUP = "group", _("the working groups of the meeting")
    SECRETARIAT = "secretariat", _("the secretariat alone")


def meant_for(user: "User | AnonymousUser") -> Q:
    """Give the condition on what bears an audience and belongs to a meeting.

    Staff read all of it, everybody what is public. Whoever speaks for an organisation of the network also reads what is
    meant for these, and what is meant for the groups of a meeting when they sit in one of them. A paper of no meeting
    that is meant for groups is read by whoever sits in any.
    """
    if user.is_staff:
        return Q()
    public = Q(audience=Audience.PUBLIC)
    if not user.is_authenticated:
        return public
    for_members = Q(Exists(in_the_network(user)), audience=Audience.MEMBERS)
    from meetings.models.sessions import Session  # sessions need meetings first, which papers belong to

    groups = groups_of(user)
    sessions = Session.working_groups.through.objects.filter(workinggroup__in=groups).order_by()
    theirs = Q(meeting__in=sessions.values("session__meeting")) | Q(Exists(groups), meeting__isnull=True)
    return public | for_members | Q(theirs, audience=Audience.GROUP)
