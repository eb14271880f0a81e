"""What this site decides about accounts where the library leaves the choice."""

import logging
import time
from typing import Any, ClassVar

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.desk.codes import qr_svg
from meetings.inviting.letters import secretariat
from members.models import User

logger = logging.getLogger("b40.accounts")

NOT_RIGHT = _("That address and that password do not belong together. Check both, or sign in without a password.")
TOO_MANY = _("Too many attempts. Wait some minutes, then try again.")
WRONG_CODE = _("This is not the code. Check the figures and letters, or ask for another one.")


def name_of(user: User) -> str:
    """Name the owner of an account as people know them."""
    return str(user.person) if user.person_id else user.get_full_name() or user.get_username()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts by invitation alone; mails in the network's name."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": NOT_RIGHT,
        "username_password_mismatch": NOT_RIGHT,
        "invalid_login": NOT_RIGHT,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your present password."),
        "duplicate_email": _("This is the address of your account already."),
        "invalid_password_reset": _("This link does not work any more."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up; `b40.accounts` makes an account when an invitation is taken up."""
        return False

    def get_login_stages(self) -> list[str]:
        """Ask nobody to confirm an address at sign-in: invitations do that, and the first staff may have no mail yet."""
        return [stage for stage in super().get_login_stages() if not stage.endswith(".EmailVerificationStage")]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Send staff to their admin, everybody else to the pages of their own."""
        return reverse("admin:index" if request.user.is_staff else "my:home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account_email")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Name the ways to show once more that it is oneself; with a second step the password is none."""
        words = {
            "reauthenticate": gettext("With your password"),
            "mfa_reauthenticate": gettext("With a code of your app, or a recovery code"),
            "mfa_reauthenticate:webauthn": gettext("With a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        if is_mfa_enabled(user):
            methods = [method for method in methods if method["id"] != "reauthenticate"]
        return [{**method, "description": words[method["id"]]} for method in methods]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again only of whoever did not sign in just now; who has a second step has shown that one."""
        user, oldest = self.request.user, time.time() - account_settings.REAUTHENTICATION_TIMEOUT
        records = [record for record in get_authentication_records(self.request, user) if record["at"] > oldest]
        if is_mfa_enabled(user):
            records = [record for record in records if record["method"] == "mfa"]
        return not records and super().is_reauthentication_required(app=app, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail about an account at once, past the queue: staff shall read no codes there.

        When the mail server refuses, the page says so; whether there is an account shows in neither case.
        """
        try:
            super().send_mail(template_prefix, email, {**context, "secretariat": secretariat()})
        except OSError:  # smtplib's errors are of this kind too
            logger.exception("A mail about an account could not be sent: %s", template_prefix)
            messages.error(self.request, gettext("The mail could not be sent just now. Try again in some minutes."))

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        """Give the mail with where answers go; no machine shall answer it (RFC 3834)."""
        mail: EmailMessage = super().render_mail(*args, **kwargs)
        mail.reply_to = [settings.MAIL_REPLY_TO]
        mail.extra_headers["Auto-Submitted"] = "auto-generated"
        return mail


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second steps."""

    error_messages: ClassVar = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code as the rest of the site does, to stand within the page."""
        return qr_svg(url, inline=True).decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """Propose a name for a passkey, numbered from the second on."""
        number = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("My passkey") if not number else gettext("My passkey %(number)s") % {"number": number + 1}

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)
