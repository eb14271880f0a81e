"""Asking somebody with a mandate to make an account. Who may is said by `members.rights.may_invite_colleagues`."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from b40.accounts.inviting.letters import letter_of
from b40.accounts.inviting.links import account_at
from meetings.mail import prepare, release
from meetings.models import MailingKind
from meetings.models.links import new_key
from members.history import lock
from members.models import AccountInvitation, DeadAddress, Mandate, Person, User


@transaction.atomic
def invite(mandate: Mandate, *, by: User, site: str) -> AccountInvitation:
    """Invite somebody, by a mail that leaves at once; `site` is the site's own address, without a slash.

    An invitation that grew too old is taken back on the way. Raises ValidationError when the mandate has ended or has no
    mail address, mail to it fails, the person has an account, the address is another person's, or an invitation waits.
    """
    lock(Mandate, mandate.pk)
    mandate = Mandate.objects.select_related("person", "organisation").get(pk=mandate.pk)
    _check(mandate)
    for stale in mandate.account_invitations.filter(
        used_at__isnull=True, withdrawn_at__isnull=True, expires_at__lte=timezone.now()
    ):
        _withdraw(stale)
    invitation = AccountInvitation(mandate=mandate, address=mandate.email.strip(), key=new_key(), invited_by=by)
    invitation.full_clean()
    invitation.save()
    _send(invitation, by=by, site=site)
    return invitation


def _check(mandate: Mandate) -> None:
    name, address = mandate.person.name, mandate.email.strip()
    if mandate.ends_on and mandate.ends_on < timezone.localdate():
        raise ValidationError(
            _("The mandate of %(name)s has ended, so there is nothing to invite to.") % {"name": name}
        )
    if not address:
        raise ValidationError(_("There is no mail address of %(name)s: write it down first.") % {"name": name})
    if User.objects.filter(person=mandate.person).exists():
        raise ValidationError(_("%(name)s has an account already.") % {"name": name})
    check_address_free(address, mandate.person)
    if DeadAddress.objects.filter(address=address.lower()).exists():
        raise ValidationError(_("Mail to %(address)s fails: correct the address first.") % {"address": address})


def check_address_free(address: str, person: Person | None = None) -> None:
    """Raise ValidationError when an address is the one of another person's account."""
    account = account_at(address)
    if account and (person is None or account.person_id != person.pk):
        raise ValidationError(
            _(
                "%(address)s is the address of somebody else's account. Everybody needs an address of their own; if it is "
                "the same person, ask the secretariat to add this mandate to that account."
            )
            % {"address": address}
        )


def _send(invitation: AccountInvitation, *, by: User, site: str) -> None:
    title = _("Invitation to an account: %(name)s") % {"name": invitation.mandate.person.name}
    mailing = prepare(kind=MailingKind.ACCOUNT, title=title[:200], drafts=[letter_of(invitation, site)], by=by)
    release(mailing, by=by)


@transaction.atomic
def take_back(invitation: AccountInvitation) -> None:
    """Make an invitation worthless. Raises ValidationError when it was taken up or taken back before."""
    lock(AccountInvitation, invitation.pk)
    invitation = AccountInvitation.objects.get(pk=invitation.pk)
    if invitation.used_at:
        raise ValidationError(_("This invitation was taken up already, so it cannot be taken back."))
    if invitation.withdrawn_at:
        raise ValidationError(_("This invitation was taken back before."))
    _withdraw(invitation)


def _withdraw(invitation: AccountInvitation) -> None:
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])


@transaction.atomic
def renew(invitation: AccountInvitation, *, by: User, site: str) -> AccountInvitation:
    """Take an invitation back and send another, to the address as it stands today. Raises ValidationError as `take_back`
    and `invite` do.
    """
    take_back(invitation)
    return invite(invitation.mandate, by=by, site=site)
