"""For whom an account speaks on a day: what every right of a delegate rests on.

All of these are queries within queries, never lists kept with the account: a mandate that ends today opens nothing tomorrow.
Days are the secretariat's, in the time zone of the settings.
"""

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias, Union

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models.accounts import User
    from members.models.mandates import MandateQuerySet
    from members.models.organisations import Organisation, OrganisationQuerySet

Visitor: TypeAlias = Union["User", "AnonymousUser"]


def mandates_of(user: Visitor, day: dt.date | None = None) -> "MandateQuerySet":
    """Give the mandates by which somebody acts on a day, today unless given; none for a visitor without account."""
    from members.models.mandates import Mandate  # models ask for rights, so rights ask for models late

    return user.mandates(day) if user.is_authenticated else Mandate.objects.none()


def organisations_of(user: Visitor, day: dt.date | None = None) -> "OrganisationQuerySet":
    """Give the organisations for which somebody speaks on a day, whatever these are to the network."""
    from members.models.organisations import Organisation  # see above

    return Organisation.objects.filter(pk__in=mandates_of(user, day).order_by().values("organisation")).order_by()


def led_by(user: Visitor, day: dt.date | None = None) -> "OrganisationQuerySet":
    """Give the organisations whose people somebody invites and retires: those that have them as lead delegate."""
    from members.models.mandates import MandateRole  # see above
    from members.models.organisations import Organisation

    leading = mandates_of(user, day).filter(role=MandateRole.LEAD).order_by()
    return Organisation.objects.filter(pk__in=leading.values("organisation")).order_by()


def in_the_network(user: Visitor, day: dt.date | None = None) -> "OrganisationQuerySet":
    """Give the organisations of somebody that read what is meant for the network's organisations.

    Which standing opens that is not known from the statute, so the settings say it (MEMBERS_PAPERS_FOR).
    """
    day = day or timezone.localdate()
    return organisations_of(user, day).holding(day, *settings.MEMBERS_PAPERS_FOR)


def may_invite_colleagues(user: Visitor, organisation: "Organisation") -> bool:
    """Whether somebody may invite people of an organisation to accounts, and retire them: the secretariat, and its lead
    delegates.
    """
    staff = user.is_staff and user.has_perms(["members.add_accountinvitation", "members.change_mandate"])
    return staff or led_by(user).filter(pk=organisation.pk).exists()


def briefed_on(user: Visitor, day: dt.date | None = None) -> "OrganisationQuerySet":
    """Give the organisations whose brief somebody reads: staff every one's, others the own."""
    from members.models.organisations import Organisation  # see above

    return Organisation.objects.order_by() if user.is_staff else organisations_of(user, day)


def may_decide_proposals(user: Visitor) -> bool:
    """Whether somebody may answer what organisations would have changed on their pages: accepting writes the record."""
    return user.is_staff and user.has_perms(["members.change_organisation", "members.change_proposedchange"])


def may_view_as(user: Visitor) -> bool:
    """Whether somebody may look at the site with the eyes of others, which is reading, and put on record."""
    return user.is_staff and user.has_perm("members.add_viewing")


def may_remove_factors(user: Visitor) -> bool:
    """Whether somebody may take the lost second step off another's account: administrators alone."""
    return bool(user.is_active and user.is_superuser)


def view_of(user: Visitor) -> object:
    """Name what somebody sees: equal for those who see the same. For what is counted once and shown to many."""
    if user.is_staff:
        return "staff"
    person = user.person_id if user.is_authenticated else None
    return [person, timezone.localdate()] if person else "public"
