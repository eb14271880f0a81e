"""The mail that asks whether a subscription was meant."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.inviting.letters import secretariat
from meetings.mail import Draft
from meetings.models import Subscription


def write_confirmation(subscription: Subscription, *, token: str, site: str) -> Draft:
    """Write the mail with the link that confirms a subscription, in the language that was chosen."""
    context = {
        "subscription": subscription,
        "url": f"{site}{reverse('meetings:confirm', args=[token])}",
        "secretariat": secretariat(),
    }
    with override(subscription.language):
        return Draft(
            address=subscription.address,
            subject=_("Please confirm: news of the B40 Balkan Cities Network"),
            text=render_to_string("emails/confirm.txt", context),
            html=render_to_string("emails/confirm.html", context),
        )
