"""The link in an invitation to an account: signed, so that a guess costs no query, and opened by its key."""

from allauth.account.models import EmailAddress
from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from members.models import AccountInvitation, User

SALT = "b40.accounts.invitation"


def token_of(invitation: AccountInvitation) -> str:
    """Give what makes the address of an invitation's page."""
    return Signer(salt=SALT, sep=".").sign(invitation.key)


def address_of(invitation: AccountInvitation, site: str) -> str:
    """Give the address of an invitation's page; `site` is the site's own, without a slash."""
    return f"{site}{reverse('account_invitation', args=[token_of(invitation)])}"


def invitation_in(token: str) -> AccountInvitation | None:
    """Find the invitation that a token opens today; None for a token not made here for this, and for what was used,
    taken back, is too old, or whose mandate has ended.
    """
    try:
        key = Signer(salt=SALT, sep=".").unsign(token)
    except BadSignature:
        return None
    still = Q(mandate__ends_on__isnull=True) | Q(mandate__ends_on__gte=timezone.localdate())
    found = AccountInvitation.objects.standing().filter(still, key=key)
    return found.select_related("mandate__person", "mandate__organisation", "invited_by").first()


def account_at(address: str) -> User | None:
    """Give the account that mail to an address reaches, confirmed or not; None when there is none."""
    own = EmailAddress.objects.filter(email__iexact=address).values("user")
    return User.objects.filter(Q(email__iexact=address) | Q(pk__in=own)).first()
