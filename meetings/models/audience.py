"""For whom a paper or a meeting's minutes are meant: one rule for all that bears an audience."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class Audience(models.TextChoices):
    PUBLIC = "public", _("everybody")
    MEMBERS = "members", _("the network's organisations")
    GROUP = "group", _("the working groups of the meeting")
    SECRETARIAT = "secretariat", _("the secretariat alone")


def meant_for(user: "User | AnonymousUser") -> Q:
    """Give the condition on what bears an audience: staff read all of it, everybody else what is public.

    An account that is not of the staff speaks for no organisation and no group, so it is a visitor like any other; once
    accounts hold mandates, what these open is added here and nowhere else.
    """
    return Q() if user.is_staff else Q(audience=Audience.PUBLIC)
