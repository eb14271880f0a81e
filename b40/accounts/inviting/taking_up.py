"""Making an account out of an invitation."""

from allauth.account.models import EmailAddress
from allauth.utils import generate_unique_username
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from b40.accounts.inviting.asking import check_address_free
from members.history import acting, lock
from members.models import AccountInvitation, Person, User
from members.names import search_text


@transaction.atomic
def take_up(invitation: AccountInvitation, *, password: str | None) -> User:
    """Make the account of the person invited, with its confirmed address; without a password they sign in by codes.

    The invitation is used by it. Raises ValidationError when it does not stand any more, when the person has an account
    by now, or the address became another's.
    """
    person = invitation.mandate.person
    lock(Person, person.pk)
    lock(AccountInvitation, invitation.pk)
    invitation.refresh_from_db(fields=["used_at", "withdrawn_at", "expires_at"])
    if not invitation.stands:
        raise ValidationError(_("This invitation does not stand any more."))
    if User.objects.filter(person=person).exists():
        raise ValidationError(_("There is an account for %(name)s already: sign in.") % {"name": person.name})
    check_address_free(invitation.address, person)
    user = _account(person, invitation.address, password)
    with acting(user=user):
        invitation.used_at = timezone.now()
        invitation.save(update_fields=["used_at"])
    return user


def _account(person: Person, address: str, password: str | None) -> User:
    user = User(person=person, email=address, username=generate_unique_username([search_text(person.name), "delegate"]))
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=address.lower(), verified=True, primary=True)
    return user
