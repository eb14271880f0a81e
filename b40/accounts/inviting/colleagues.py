"""Who works beside a lead delegate: added, and retired by a last day; never deleted."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from b40.accounts.inviting.asking import check_address_free, invite
from members.history import lock
from members.models import AccountInvitation, Mandate, MandateRole, Organisation, Person, User
from members.names import search_text
from workinggroups.models import GroupSeat, WorkingGroup

# A mayor comes to office by an election, which the secretariat writes down.
GIVEN_ROLES = [
    MandateRole.LEAD,
    MandateRole.POLITICAL,
    MandateRole.TECHNICAL,
    MandateRole.ALTERNATE,
    MandateRole.CONTACT,
]


class ChangedMeanwhile(Exception):
    """Somebody else set another last day since the page was shown. `mandate` is as it stands."""

    def __init__(self, mandate: Mandate) -> None:
        super().__init__()
        self.mandate = mandate


@dataclass(frozen=True)
class Colleague:
    """Who is to be added; without groups for all in which the organisation takes part."""

    name: str
    address: str
    role: str
    position: str = ""
    groups: Collection[WorkingGroup] = ()


@transaction.atomic
def add_colleague(organisation: Organisation, colleague: Colleague, *, by: User, site: str) -> AccountInvitation | None:
    """Write down a mandate from today on, and invite to an account; somebody who comes back and has one needs no
    invitation. Raises ValidationError when the person is on the list already, or cannot be invited.
    """
    lock(Organisation, organisation.pk)
    today = timezone.localdate()
    check_address_free(colleague.address, _known(organisation, colleague.name))
    if Mandate.objects.on(today).filter(organisation=organisation, email__iexact=colleague.address).exists():
        raise ValidationError(_("%(address)s is on the list already.") % {"address": colleague.address})
    person = _known(organisation, colleague.name) or Person.objects.create(name=colleague.name)
    mandate = Mandate(
        organisation=organisation, person=person, role=colleague.role, position=colleague.position,
        email=colleague.address, starts_on=today,
    )  # fmt: skip
    mandate.full_clean()
    mandate.save()
    for group in colleague.groups:
        GroupSeat.objects.create(mandate=mandate, group=group)
    return None if User.objects.filter(person=person).exists() else invite(mandate, by=by, site=site)


def _known(organisation: Organisation, name: str) -> Person | None:
    """Find who acts or acted for the organisation under this name, in any script."""
    people = Person.objects.filter(mandates__organisation=organisation, search=search_text(name)[:200])
    return people.order_by("-pk").first()


@transaction.atomic
def retire(mandate: Mandate, *, last_day: dt.date, shown: dt.date | None) -> Mandate:
    """Give a mandate its last day, and take back an invitation that waits. `shown` is the last day that the page showed.

    Raises ChangedMeanwhile when that is another by now, and ValidationError when the day lies before the first, or the
    organisation would be left without a lead delegate.
    """
    lock(Mandate, mandate.pk)
    mandate = Mandate.objects.select_related("organisation", "person").get(pk=mandate.pk)
    if mandate.ends_on != shown:
        raise ChangedMeanwhile(mandate)
    if mandate.role == MandateRole.LEAD and not _other_lead(mandate, last_day):
        raise ValidationError(
            _("%(organisation)s would be left without a lead delegate: add another one first, or ask the secretariat.")
            % {"organisation": mandate.organisation}
        )
    mandate.ends_on = last_day
    mandate.full_clean()
    mandate.save()
    for waiting in mandate.account_invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True):
        waiting.withdrawn_at = timezone.now()
        waiting.save(update_fields=["withdrawn_at"])
    return mandate


def _other_lead(mandate: Mandate, day: dt.date) -> bool:
    """Whether the organisation has another lead delegate today, who stays beyond a day."""
    others = Mandate.objects.on(timezone.localdate()).filter(organisation=mandate.organisation, role=MandateRole.LEAD)
    staying = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    return others.filter(staying).exclude(pk=mandate.pk).exists()
