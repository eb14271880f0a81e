"""The mail that invites to an account."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from b40.accounts.adapter import name_of
from b40.accounts.inviting.links import address_of
from meetings.inviting.letters import secretariat
from meetings.mail import Draft
from members.models import AccountInvitation


def letter_of(invitation: AccountInvitation, site: str) -> Draft:
    """Write the letter with the link."""
    mandate = invitation.mandate
    context = {
        "invitation": invitation,
        "mandate": mandate,
        "inviter": name_of(invitation.invited_by),
        "url": address_of(invitation, site),
        "secretariat": secretariat(),
    }
    return Draft(
        address=invitation.address,
        name=mandate.person.name,
        organisation=mandate.organisation,
        mandate=mandate,
        subject=_("Your account at the B40 Balkan Cities Network"),
        text=render_to_string("emails/account.txt", context),
        html=render_to_string("emails/account.html", context),
    )
