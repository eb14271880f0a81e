"""What this site decides about accounts where the library leaves the choice."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts by invitation alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up; `b40.accounts` makes an account when an invitation is taken up."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Send staff to their admin, everybody else to the pages of their own."""
        return reverse("admin:index" if request.user.is_staff else "my:home")
